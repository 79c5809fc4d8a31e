import type { Proposal, Random } from "@lowerbound/core";
import type { Continue } from "../continuations.js";

export interface RolledFrom {
  readonly node: unknown;
  /** Steps at most. */
  readonly steps: number;
}

export interface RollOutOptions {
  readonly discount: number;
  readonly gainedBy: (proposal: Proposal) => number;
}

/**
 * Discounted gains of sampled continuations from several nodes at once, to the end of the episode, or of the steps and the
 * discounted value of what follows them.
 */
export async function rollOut(
  from: readonly RolledFrom[],
  go: Continue,
  random: Random,
  { discount, gainedBy }: RollOutOptions,
): Promise<{ readonly gained: Float64Array; readonly evaluations: number }> {
  const gained = new Float64Array(from.length);
  let living = from.map(({ node }, index) => ({ node, index }));
  let evaluations = 0;
  for (let step = 0; ; step++) {
    living = living.filter(({ index }) => step < from[index]!.steps);
    if (living.length === 0) return { gained, evaluations };
    const proposals = await go(
      living.map(({ node }) => node),
      1,
      random,
    );
    evaluations += living.length;
    living = living.flatMap(({ index }, i) => {
      const [proposal] = proposals[i]!;
      gained[index]! += proposal === undefined ? Number.NaN : discount ** step * gainedBy(proposal);
      if (proposal === undefined || proposal.terminated === true) return [];
      if (step === from[index]!.steps - 1) gained[index]! += discount ** (step + 1) * (proposal.value ?? 0);
      return [{ node: proposal.node, index }];
    });
  }
}
