import { type Estimate, type OffPolicyMethod, type Selection, selectByEstimate } from "@lowerbound/evaluation";
import { textTable } from "../options/table.js";
import type { PolicyEstimates } from "./evaluate-runs.js";

/** How a method ranks the policies, and how that compares with the truth. */
export interface MethodRanking {
  readonly method: OffPolicyMethod;
  readonly selection: Selection;
}

const nameOf = ({ run, policy }: PolicyEstimates): string => `${run} ${policy}`;

/** Each method's ranking of the policies that it could estimate. */
export function rankings(
  results: readonly PolicyEstimates[],
  methods: readonly OffPolicyMethod[],
): readonly MethodRanking[] {
  return methods.flatMap((method) => {
    const candidates = results.flatMap((result) => {
      const outcome = result.outcomes.find((each) => each.method === method);
      if (outcome === undefined || !("estimate" in outcome)) return [];
      const truth = result.truth === undefined ? {} : { truth: result.truth };
      return [{ name: nameOf(result), estimate: outcome.estimate.value, ...truth }];
    });
    return candidates.length === 0 ? [] : [{ method, selection: selectByEstimate(candidates) }];
  });
}

const figure = (value: number): string => (Number.isFinite(value) ? value.toPrecision(5) : String(value));

const rangeOf = ({ interval: { low, high }, episodes }: Estimate): string =>
  episodes > 1 ? `${figure(low)} to ${figure(high)}` : "none: one episode";

/** The table of estimates, why any is missing, and each method's choice. */
export function opeText(
  results: readonly PolicyEstimates[],
  ranked: readonly MethodRanking[],
  { discount, confidence }: { readonly discount: number; readonly confidence: number },
): string {
  const rows = results.flatMap((result) =>
    result.outcomes.map((outcome) => {
      const truth = result.truth === undefined ? "-" : result.truth.toFixed(1);
      if ("refused" in outcome) return [nameOf(result), outcome.method, "refused", "", "", truth];
      const { value, effectiveSampleSize: size } = outcome.estimate;
      const range = rangeOf(outcome.estimate);
      return [nameOf(result), outcome.method, figure(value), range, size === undefined ? "" : size.toFixed(1), truth];
    }),
  );
  const header = [
    "policy",
    "method",
    "estimate",
    `${100 * confidence} % interval`,
    "effective episodes",
    "true return",
  ];
  return [
    `estimates of the return discounted by ${discount}; true returns are undiscounted\n`,
    textTable(header, rows),
    ...refusals(results),
    ...ranked.map(rankingText),
  ].join("");
}

/** Each reason and warning once. */
function refusals(results: readonly PolicyEstimates[]): readonly string[] {
  const reasons = results.flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) => {
      if ("refused" in outcome) return [`${outcome.method} refused: ${outcome.refused}\n`];
      const { warning } = outcome.estimate;
      return warning === undefined ? [] : [`${outcome.method}: ${warning}\n`];
    }),
  );
  return [...new Set(reasons)];
}

function rankingText({ method, selection: { order, quality } }: MethodRanking): string {
  if (order.length < 2) return "";
  if (quality === undefined) return `${method} chooses ${order[0]}\n`;
  const { candidates, chosen, rankCorrelation, regretAtOne } = quality;
  const whose = chosen === order[0] ? "" : `best of those with a known return: ${chosen}, `;
  return (
    `${method} chooses ${order[0]}; against the truth of ${candidates}: rank correlation ${rankCorrelation.toFixed(3)}, ` +
    `${whose}regret@1 ${regretAtOne.toFixed(1)}\n`
  );
}
