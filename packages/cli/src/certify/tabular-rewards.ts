import { rewardsOutside } from "@lowerbound/evaluation";
import type { TabularTask } from "./tabular-file.js";

/**
 * Why the declared range of rewards cannot be right, as the file's claim, held-out steps and truth show.
 *
 * A claimed model may pay what the task cannot, as far as its claimed error says so.
 */
export function paidOutside({ range, claim, known, heldOut, truth }: TabularTask): readonly string[] {
  const live = (rewards: Float64Array) =>
    rewards.filter((_, row) => known.terminal[Math.floor(row / known.actions)] !== 1);
  return rewardsOutside(range, {
    ...("steps" in claim ? {} : { "claimed pairs, even by their claimed error,": live(nearest(claim, range)) }),
    ...(heldOut === undefined ? {} : { "held-out steps": heldOut.rewards }),
    ...(truth === undefined ? {} : { "pairs of the file's truth": live(truth.rewards) }),
  });
}

/** The rewards nearest to the range that the claim leaves open, [state, action]. */
const nearest = (
  { model, rewards }: Exclude<TabularTask["claim"], { readonly steps: unknown }>,
  { minimum, maximum }: TabularTask["range"],
): Float64Array =>
  model.rewards.map((reward, row) => {
    const wrong = rewards[row]!;
    if (reward > maximum) return Math.max(maximum, reward - wrong);
    return reward < minimum ? Math.min(minimum, reward + wrong) : reward;
  });
