import type { ActionBox, Plan, PlanRequest } from "@lowerbound/core";
import { middleSequence } from "../box.js";

/**
 * What an earlier plan leaves to start from [horizon, action]: its steps after the `elapsed` ones, the freed last steps
 * filled with the middle of the box, or with the last step that is left.
 */
export function shiftedPlan(
  { warmStart }: Pick<PlanRequest, "warmStart">,
  box: ActionBox,
  horizon: number,
  fill: "middle" | "last" = "middle",
): Float64Array {
  const start = middleSequence(box, horizon);
  if (warmStart === undefined) return start;
  const left = remainingActions(warmStart.plan, warmStart.elapsed).subarray(0, start.length);
  start.set(left);
  const last = left.subarray(left.length - box.actionSize);
  if (fill === "last")
    for (let at = left.length; at < start.length && left.length > 0; at += last.length) start.set(last, at);
  return start;
}

/** Actions of a plan that were not carried out yet. */
export const remainingActions = ({ actions }: Plan, elapsed: number): Float32Array =>
  actions.data.subarray(Math.min(elapsed, actions.rows) * actions.columns);
