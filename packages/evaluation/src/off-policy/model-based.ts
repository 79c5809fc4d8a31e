import { type ModelRolloutJob, rollOutInModel } from "./model-rollout.js";

export interface ModelBasedJob extends ModelRolloutJob {
  readonly discount: number;
}

/**
 * Discounted returns [episodes] of any policy in the learnt model, one a start; a row stops paying once it ended.
 *
 * @throws CapabilityError for a model that carries state
 */
export async function modelBasedReturns({ discount, ...job }: ModelBasedJob): Promise<Float64Array> {
  const returns = new Float64Array(job.starts.rows);
  await rollOutInModel(job, ({ step, alive, rewards }) => {
    const factor = discount ** step;
    for (let row = 0; row < returns.length; row++) if (alive[row] === 1) returns[row]! += factor * rewards[row]!;
  });
  return returns;
}
