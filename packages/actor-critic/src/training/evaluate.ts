import type { Dimensions, Evaluator, HostTensors, PolicyFunction, TensorState, TrainContext } from "@lowerbound/core";
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
  /**
   * Where an evaluation is due, measure the present policy, log it, and keep it as "best" where it is.
   *
   * One that the run's signal stops stays due: from a checkpoint of that update it is made before the next update.
   */
  run(position: EvaluatedPosition, state: TensorState): Promise<Evaluations>;
}

/** How far training is, and the evaluations made by then. */
export interface EvaluatedPosition {
  readonly update: number;
  readonly evaluations: Evaluations;
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
    run: async ({ update, evaluations: before }, state) => {
      if (evaluator === undefined || !isDue(evaluator, update, before)) return before;
      const tensors = copyTensors(state, [...state.keys()]);
      const measured = await unlessStopped(run.signal, async () => {
        const acting = hostPolicy(policy, { dimensions, engine, tensors });
        return evaluator.evaluate(acting, seed, run.signal).finally(acting.close);
      });
      if (measured === undefined) return before;
      const { mean, std, normalisedScore, ...result } = measured;
      const environmentSteps = before.environmentSteps + result.environmentSteps;
      const score = normalisedScore === undefined ? {} : { normalisedScore };
      run.log(update, { return: mean, returnStd: std, ...score, environmentSteps });
      const better = before.best === null || mean > before.best;
      if (better) await run.keep("best", { step: update, tensors, data: { return: mean } });
      return { count: before.count + 1, environmentSteps, best: better ? mean : before.best };
    },
  };
}

const isDue = ({ every }: Evaluator, update: number, { count }: Evaluations): boolean =>
  every > 0 && count < Math.floor(update / every);

/** What the work gives, or undefined if the signal stopped it. */
async function unlessStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** Copies of the named tensors. */
export const copyTensors = (tensors: ReadonlyMap<string, HostTensors[string]>, names: readonly string[]): HostTensors =>
  Object.fromEntries(
    names.map((name) => {
      const tensor = tensors.get(name)!;
      return [name, { ...tensor, data: tensor.data.slice() }];
    }),
  );
