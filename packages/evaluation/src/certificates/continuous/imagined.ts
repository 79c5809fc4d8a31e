import { type ModelRolloutJob, rollOutInModel } from "../../off-policy/model-rollout.js";

/** Discounted sums of a policy's rollouts in the model, [episodes] each. */
export interface ImaginedSums {
  readonly returns: Float64Array;
  /** Of u. */
  readonly penalties: Float64Array;
  /** discount^horizon where the episode had not ended by then, else 0. */
  readonly remaining: Float64Array;
  /** Share of the discounted u that comes from steps with u above `known`. */
  readonly beyond: number;
}

/** Roll a policy out in the model; `known`: the largest u of the held-out rows. */
export async function imaginedSums(
  job: ModelRolloutJob,
  { discount, known }: { readonly discount: number; readonly known: number },
): Promise<ImaginedSums> {
  const { rows } = job.starts;
  const [returns, penalties] = [new Float64Array(rows), new Float64Array(rows)];
  let far = 0;
  const alive = await rollOutInModel(job, (step) => {
    const factor = discount ** step.step;
    for (let row = 0; row < rows; row++) {
      if (step.alive[row] === 0) continue;
      const u = step.penalties[row]!;
      returns[row]! += factor * step.rewards[row]!;
      penalties[row]! += factor * u;
      if (u > known) far += factor * u;
    }
  });
  const total = penalties.reduce((sum, each) => sum + each, 0);
  return {
    returns,
    penalties,
    remaining: Float64Array.from(alive, (each) => each * discount ** job.horizon),
    beyond: total > 0 && Number.isFinite(total) ? Math.min(1, far / total) : 0,
  };
}
