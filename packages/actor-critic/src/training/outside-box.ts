import type { Dataset, DatasetInfo, PolicyFunction, Transitions } from "@lowerbound/core";

/** Of its half-width: how far beyond a box's edge an action still counts as on it. */
const TOLERANCE = 1e-3;

/** A sentence for the user where logged actions lie outside of the policy's box; undefined where all are in it. */
function outsideBoxNote(
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

/** A sentence for the user where the policy's box is wider than that of the log's actions; undefined where it is not. */
function beyondBoundsNote(
  { actionBounds = [] }: Pick<DatasetInfo, "actionBounds">,
  { maximumAction = 1 }: Pick<PolicyFunction, "maximumAction">,
): string | undefined {
  const entry = actionBounds.findIndex(({ high }) => maximumAction > high * (1 + TOLERANCE));
  if (entry < 0) return undefined;
  const { low, high } = actionBounds[entry]!;
  return (
    `the policy's actions lie in [-${maximumAction}, ${maximumAction}], those of the log in [${low}, ${high}] (entry ${entry}): ` +
    "it may ask for more than can be done. Set maximumAction, an option of the optimiser or, where there is none, of the " +
    "algorithm, or actionLow and actionHigh of the dataset"
  );
}

/** Both sentences, where they are to be said. */
export const boxNotes = async (
  { info }: Pick<Dataset, "info">,
  transitions: Pick<Transitions, "actions">,
  policy: Pick<PolicyFunction, "maximumAction">,
): Promise<readonly string[]> =>
  [outsideBoxNote(transitions, policy), beyondBoundsNote(await info(), policy)].filter((note) => note !== undefined);
