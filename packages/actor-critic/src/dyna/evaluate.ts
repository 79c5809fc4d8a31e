import type { Dimensions, PolicyFunction, TrainContext } from "@lowerbound/core";
import { hostPolicy } from "./host-policy.js";
import { copyTensors } from "./model-buffer.js";
import type { Session } from "./session.js";

/** Looks at the environment during training: only where the user asked for it, counted and logged. */
export interface TrainingEvaluation {
  due(update: number): boolean;
  /** Measure the present policy, log it, and keep it as "best" where it is. */
  run(session: Session): Promise<void>;
}

export function createTrainingEvaluation(
  { evaluator, engine, random, run }: TrainContext,
  policy: PolicyFunction,
  dimensions: Dimensions,
): TrainingEvaluation {
  const [seed = 0] = random.stream("evaluation").integers(new Int32Array(1), 2 ** 31 - 1);
  return {
    due: (update) => evaluator !== undefined && evaluator.every > 0 && update % evaluator.every === 0,
    run: async (session) => {
      if (evaluator === undefined) return;
      const tensors = copyTensors(session.state, [...session.state.keys()]);
      const acting = hostPolicy(policy, { dimensions, engine, tensors });
      try {
        const result = await evaluator.evaluate(acting, seed);
        const { update, evaluations } = session.position;
        const environmentSteps = evaluations.environmentSteps + result.environmentSteps;
        const score = result.normalisedScore;
        run.log(update, {
          return: result.mean,
          returnStd: result.std,
          ...(score === undefined ? {} : { normalisedScore: score }),
          environmentSteps,
        });
        const better = evaluations.best === null || result.mean > evaluations.best;
        if (better) await run.keep("best", { step: update, tensors, data: { return: result.mean } });
        const best = better ? result.mean : evaluations.best;
        session.position = {
          ...session.position,
          evaluations: { count: evaluations.count + 1, environmentSteps, best },
        };
      } finally {
        await acting.close();
      }
    },
  };
}
