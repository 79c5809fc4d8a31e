import type { PolicyFunction, Transitions } from "@lowerbound/core";

/** Of its half-width: how far beyond a box's edge an action still counts as on it. */
const TOLERANCE = 1e-3;

/** A sentence for the user where logged actions lie outside of the policy's box; undefined where all are in it. */
export function outsideBoxNote(
  { actions }: Pick<Transitions, "actions">,
  { maximumAction = 1 }: Pick<PolicyFunction, "maximumAction">,
): string | undefined {
  let [outside, largest] = [0, 0];
  for (const action of actions) {
    const size = Math.abs(action);
    if (size > maximumAction * (1 + TOLERANCE)) outside += 1;
    if (size > largest) largest = size;
  }
  if (outside === 0) return undefined;
  const share = ((100 * outside) / actions.length).toPrecision(2);
  return (
    `${share} % of the entries of logged actions are outside of [-${maximumAction}, ${maximumAction}], where the policy's ` +
    `actions lie: it can do none of them. The largest is ${largest.toPrecision(4)}; set maximumAction, an option of the ` +
    "optimiser or, where there is none, of the algorithm"
  );
}
