import { numberText } from "../page/numbers.js";
import type { RunRecord } from "../runs/read-run.js";
import { type Selected, selectionOf } from "../runs/selection.js";
import type { ChartSection, Table } from "./chart.js";
import { choiceCharts, type Named } from "./choice.js";

type Chosen = Named<Selected>;

/** How runs chose their lambda from the log alone: candidates' scores, the chosen ones marked; undefined where none did. */
export const selectionCharts = (runs: readonly RunRecord[]): ChartSection | undefined =>
  choiceCharts(runs, {
    section: { id: "selection", title: "Choice of lambda" },
    chart: {
      title: "Score of each candidate for lambda",
      subtitle:
        "By the run's rule: return in the model less the one coefficient times the uncertainty that the policy meets, or the " +
        "return by fitted Q evaluation with its interval; the largest is chosen, of those that meet no more uncertainty than " +
        "logged episodes do. Candidates without a finite score are left out",
      x: "score (discounted reward units)",
    },
    chosenOf: selectionOf,
    verdictOf,
    candidatesOf: (chosen) =>
      inOrder(chosen).map(({ penaltyCoefficient, score, figures: { low, high } }) => ({
        label: `λ ${numberText(penaltyCoefficient)}`,
        chosen: penaltyCoefficient === chosen.penaltyCoefficient,
        value: score,
        low: low ?? undefined,
        high: high ?? undefined,
      })),
    tableOf: candidatesTable,
  });

function verdictOf({ penaltyCoefficient, selection: { rule, why, coefficient, reach, reason } }: Chosen): string {
  const by =
    coefficient === null
      ? `by ${rule}${why === null ? "" : ` (${why})`}`
      : `by the ${rule}'s rule, one coefficient of ${numberText(coefficient)} for all`;
  const within =
    typeof reach === "number" ? `, among those that meet no more uncertainty than ${numberText(reach)}` : "";
  return `Lambda ${numberText(penaltyCoefficient)} was chosen ${by}${within}: ${reason}. No environment was looked at.`;
}

const inOrder = ({ selection }: Chosen) =>
  [...selection.candidates].sort((a, b) => a.penaltyCoefficient - b.penaltyCoefficient);

/** How figures of a score are called. */
const NAMES: Readonly<Record<string, string>> = {
  modelReturn: "return in the model",
  uncertainty: "uncertainty met",
  low: "interval from",
  high: "interval to",
};

function candidatesTable(found: readonly Chosen[]): Table {
  const figures = [
    ...new Set(found.flatMap(({ selection }) => selection.candidates.flatMap((each) => Object.keys(each.figures)))),
  ];
  return {
    columns: ["run", "rule", "lambda", "chosen", "score", ...figures.map((name) => NAMES[name] ?? name)],
    rows: found.flatMap((chosen) =>
      inOrder(chosen).map((each) => [
        chosen.name,
        chosen.selection.rule,
        each.penaltyCoefficient,
        each.penaltyCoefficient === chosen.penaltyCoefficient ? "yes" : "no",
        each.score ?? "no finite score",
        ...figures.map((name) => each.figures[name] ?? undefined),
      ]),
    ),
  };
}
