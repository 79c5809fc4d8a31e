import type { RewardRange } from "./bound.js";
import { roundingOf } from "./rounding.js";

/**
 * Assumptions seen to fail: of each named source with rewards outside the declared range, the one that lies furthest out.
 *
 * Doubles rounded in another order than the range's are not outside it.
 */
export function rewardsOutside(
  { minimum, maximum }: RewardRange,
  sources: Readonly<Record<string, ArrayLike<number>>>,
): readonly string[] {
  const outside = (reward: number) => Math.max(minimum - reward, reward - maximum);
  const allowed = roundingOf(minimum, maximum);
  return Object.entries(sources).flatMap(([name, rewards]) => {
    let worst = minimum;
    for (let i = 0; i < rewards.length; i++) if (outside(rewards[i]!) > outside(worst)) worst = rewards[i]!;
    return outside(worst) > allowed ? [`rewards: ${name} pay ${worst}, outside ${minimum} to ${maximum}`] : [];
  });
}
