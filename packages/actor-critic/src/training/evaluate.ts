import type { Dimensions, HostTensors, PolicyFunction, TensorState, TrainContext } from "@lowerbound/core";
import { z } from "zod";
import { hostPolicy } from "./host-policy.js";

/** How often training looked at the environment, and its best return there; lies in checkpoints. */
export const evaluationsSchema = z.object({
  count: z.number(),
  environmentSteps: z.number(),
  best: z.number().nullable(),
});
export type Evaluations = z.output<typeof evaluationsSchema>;

export const noEvaluations: Evaluations = { count: 0, environmentSteps: 0, best: null };

/** Looks at the environment during training: only where the user asked for it, counted and logged. */
export interface TrainingEvaluation {
  due(update: number): boolean;
  /** Measure the present policy, log it, and keep it as "best" where it is. */
  run(update: number, state: TensorState, before: Evaluations): Promise<Evaluations>;
}

/** Every evaluation of a run has the same seed, so that returns differ by the policies alone. */
export function createTrainingEvaluation(
  context: TrainContext,
  policy: PolicyFunction,
  dimensions: Dimensions,
): TrainingEvaluation {
  const { evaluator, engine, random, run } = context;
  const [seed = 0] = random.stream("evaluation").integers(new Int32Array(1), 2 ** 31 - 1);
  return {
    due: (update) => evaluator !== undefined && evaluator.every > 0 && update % evaluator.every === 0,
    run: async (update, state, before) => {
      if (evaluator === undefined) return before;
      const tensors = copyTensors(state, [...state.keys()]);
      const acting = hostPolicy(policy, { dimensions, engine, tensors });
      const { mean, std, normalisedScore, ...result } = await evaluator.evaluate(acting, seed).finally(acting.close);
      const environmentSteps = before.environmentSteps + result.environmentSteps;
      const score = normalisedScore === undefined ? {} : { normalisedScore };
      run.log(update, { return: mean, returnStd: std, ...score, environmentSteps });
      const better = before.best === null || mean > before.best;
      if (better) await run.keep("best", { step: update, tensors, data: { return: mean } });
      return { count: before.count + 1, environmentSteps, best: better ? mean : before.best };
    },
  };
}

/** Copies of the named tensors. */
export const copyTensors = (tensors: ReadonlyMap<string, HostTensors[string]>, names: readonly string[]): HostTensors =>
  Object.fromEntries(
    names.map((name) => {
      const tensor = tensors.get(name)!;
      return [name, { ...tensor, data: tensor.data.slice() }];
    }),
  );
