import type { Assumption } from "@lowerbound/core";
import type { MeasuredRows } from "../../calibration/rows.js";
import type { BoundFigures } from "./bound-of.js";

export interface RewardsSeen {
  /** Mean of discount^horizon where an imagined episode had not ended by then. */
  readonly remaining: number;
  readonly heldOut: { readonly kind: string; readonly rows: MeasuredRows };
  readonly visits: MeasuredRows | undefined;
}

/**
 * The assumption behind the tail, that no step pays less than the least logged reward or 0; none where no step is left.
 *
 * Held-out rows of the log itself cannot pay less: another log's, or a simulator's, can.
 */
export function leastReward({ floor, tail }: BoundFigures, seen: RewardsSeen): readonly Assumption[] {
  const { remaining, heldOut, visits } = seen;
  if (remaining === 0) return [];
  let lowest = Infinity;
  for (const rows of [heldOut.rows, ...(visits === undefined ? [] : [visits])]) {
    for (const reward of rows.rewards) lowest = Math.min(lowest, reward);
  }
  const looked = heldOut.kind === "dataset" || visits !== undefined;
  const otherwise = looked ? ("not seen to fail" as const) : ("cannot be checked" as const);
  const paid = looked || lowest < floor ? `the least seen elsewhere is ${lowest.toPrecision(3)}; ` : "";
  return [
    {
      name: "rewards",
      states: `no step pays less than ${floor.toPrecision(3)}, the least logged reward or 0, as episodes may end`,
      verdict: lowest < floor ? "seen to fail" : otherwise,
      seen: `${paid}it matters after the horizon alone: ${tail.toPrecision(3)} of the bound`,
    },
  ];
}
