import type { PolicyRecipe } from "@lowerbound/environments";
import type { Ladder } from "./ladder.js";

/** A stretch of a collection that one policy plays. */
export interface Phase {
  /** Share of the collection that is done at the end of this phase, up to 1. */
  readonly until: number;
  readonly policy: PolicyRecipe;
}

/**
 * SAC's replay buffer up to the medium policy: each step is played by the saved policy nearest to it in the run, the
 * first ones by uniform actions.
 */
export function replay(ladder: Ladder): Phase[] {
  const { rungs } = ladder;
  const total = rungs.at(-1) ?? 1;
  const half = (rungs[0] ?? 0) / 2;
  const played = rungs.map((steps) => ({ until: Math.min(1, (steps + half) / total), policy: ladder.rung(steps) }));
  return [{ until: half / total, policy: ladder.random() }, ...played];
}

/** Rollouts of the medium policy. */
export const medium = (ladder: Ladder): Phase[] => [{ until: 1, policy: ladder.rung(ladder.rungs.at(-1) ?? 0) }];

/** Half rollouts of the medium policy, half of the expert. */
export const mediumExpert = (ladder: Ladder): Phase[] => [
  ...medium(ladder).map((phase) => ({ ...phase, until: 0.5 })),
  { until: 1, policy: ladder.expert() },
];
