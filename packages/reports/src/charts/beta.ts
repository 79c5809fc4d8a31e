import { numberText } from "../page/numbers.js";
import { type ChosenBeta, chosenBetaOf } from "../runs/beta.js";
import type { RunRecord } from "../runs/read-run.js";
import type { ChartSection, Table } from "./chart.js";
import { choiceCharts, type Named } from "./choice.js";

/** How runs of COMBO chose their beta from the log alone: candidates' terms, the chosen ones marked; undefined where none did. */
export const betaCharts = (runs: readonly RunRecord[]): ChartSection | undefined =>
  choiceCharts(runs, {
    section: { id: "beta", title: "Choice of beta" },
    chart: {
      title: "Conservative term of each candidate for beta",
      subtitle:
        "Mean Q on rollouts of the candidate's policy in the model less mean Q on held-out data; below zero the critic values " +
        "the data above what the model makes up. The smallest is chosen. Candidates without a finite term are left out",
      x: "Q on the model less Q on data (discounted reward units)",
    },
    chosenOf: chosenBetaOf,
    verdictOf,
    candidatesOf: (chosen) =>
      inOrder(chosen).map(({ beta, term }) => ({
        label: `β ${numberText(beta)}`,
        chosen: beta === chosen.beta,
        value: term,
      })),
    tableOf: candidatesTable,
  });

const verdictOf = ({ beta, betaPassed }: ChosenBeta): string =>
  betaPassed
    ? `Beta ${numberText(beta)} was chosen: its critic values held-out data most above the model. No environment was looked at.`
    : `Beta ${numberText(beta)} was chosen, but no candidate's critic values held-out data above the model: try larger ones.`;

const inOrder = ({ betaTerms }: ChosenBeta) => [...betaTerms].sort((a, b) => a.beta - b.beta);

const candidatesTable = (found: readonly Named<ChosenBeta>[]): Table => ({
  columns: ["run", "beta", "chosen", "Q on the model less Q on data"],
  rows: found.flatMap((chosen) =>
    inOrder(chosen).map(({ beta, term }) => [
      chosen.name,
      beta,
      beta === chosen.beta ? "yes" : "no",
      term ?? "no finite term",
    ]),
  ),
});
