import { DataError } from "@lowerbound/core";
import type { TabularMdp } from "@lowerbound/environments";

export interface HaltOptions {
  /** 1 where the model is trusted, [state, action]. */
  readonly known: ArrayLike<number>;
  /** What a step in HALT costs. */
  readonly kappa: number;
  /** `endless` (default): HALT pays -kappa a step for ever; `once`: an unknown pair pays it, and the episode ends. */
  readonly pays?: "endless" | "once";
}

/**
 * MOReL's pessimistic process: unknown pairs lead to HALT, one more state, the last.
 *
 * An unknown pair keeps its own reward; HALT follows it. Source: MOReL (Kidambi et al. 2020), definition 2; `once` is what
 * public code does.
 * @throws DataError if `known` does not fit
 */
export function pessimisticMdp(mdp: TabularMdp, { known, kappa, pays = "endless" }: HaltOptions): TabularMdp {
  const { states, actions, transitions } = mdp;
  if (known.length !== states * actions) {
    throw new DataError(`${known.length} entries`, { where: "known", expected: `${states * actions} entries` });
  }
  const width = states + 1;
  const widened = new Float64Array(width * actions * width);
  const rewards = new Float64Array(width * actions).fill(pays === "endless" ? -kappa : 0);
  for (let row = 0; row < width * actions; row++) {
    const trusted = row < states * actions && known[row] === 1;
    if (trusted) widened.set(transitions.subarray(row * states, (row + 1) * states), row * width);
    else widened[row * width + states] = 1;
    if (row >= states * actions) continue;
    rewards[row] = mdp.rewards[row]! - (trusted || pays === "endless" ? 0 : kappa);
  }
  return {
    ...mdp,
    states: width,
    transitions: widened,
    rewards,
    initial: Float64Array.of(...mdp.initial, 0),
    terminal: Uint8Array.of(...mdp.terminal, pays === "once" ? 1 : 0),
  };
}

/**
 * What MOReL's theorem takes off the pessimistic return: 2 discount r_max alpha / (1 - discount)^2, alpha the largest
 * total variation of a known pair.
 *
 * Source: MOReL (Kidambi et al. 2020), theorem 1, for rewards of [-r_max, r_max] and the same first states.
 */
export const haltSlack = (maximum: number, discount: number, alpha: number): number =>
  (2 * discount * maximum * alpha) / (1 - discount) ** 2;
