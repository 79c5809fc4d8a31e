import type { Certificate } from "@lowerbound/core";
import { numberText } from "../page/numbers.js";
import type { RunRecord } from "../runs/read-run.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { type Dot, dots } from "./dots.js";
import { present } from "./frame.js";
import { percent } from "./percent.js";

interface Certified {
  readonly name: string;
  readonly certificate: Certificate;
}

const MODEL = "return in the model, η̂";
const BOUND = "lower bound of the true return";
const TRUTH = "true return, η (the bound does not see it)";
const ESTIMATE = "estimate from the data, no bound";
const LEAST = "what every policy gets";

/** Lower bounds, what they are made of, and how far each assumption was seen to hold. */
export function certificateCharts(runs: readonly RunRecord[]): ChartSection {
  const found = certifiedOf(runs);
  const absent = "No run has a certificate: lowerbound certify RUN makes one.";
  return {
    id: "certificate",
    title: "Certificate",
    charts: present(bounds(found), gains(found)),
    lead: found.map(verdictOf),
    notes: found.length === 0 ? [absent] : [],
    tables: found.length === 0 ? [] : [figuresTable(found), assumptionsTable(found)],
  };
}

function certifiedOf(runs: readonly RunRecord[]): readonly Certified[] {
  const certified = runs.filter(({ certificate }) => certificate !== undefined);
  return certified.flatMap(({ name, certificate }) =>
    (certificate?.certificates ?? []).map((each) => ({
      name: `${certified.length === 1 ? "" : `${name} · `}${each.penalty.type}${each.standing === "void" ? " (void)" : ""}`,
      certificate: each,
    })),
  );
}

function verdictOf({ name, certificate: { standing, reasons, bound, discount } }: Certified): string {
  if (standing === "void" || bound === null) return `${name}: there is no bound. ${reasons.join("; ")}.`;
  const empty = bound.vacuous ? ` It is vacuous: every policy gets ${numberText(bound.least)}.` : "";
  return (
    `${name}: if every assumption below holds, the return discounted by ${discount} is at least ${numberText(bound.low)}.${empty} ` +
    "Not to have been seen to fail is no proof."
  );
}

function bounds(found: readonly Certified[]): Chart | undefined {
  return dots({
    id: "certificate",
    title: "Certified return of the final policy",
    subtitle:
      "Line: interval over starts and draws; the bound is the lower end of its own. A certificate that is void has no bound",
    x: "discounted return (reward units)",
    kinds: [MODEL, BOUND, TRUTH, ESTIMATE, LEAST],
    dots: found.flatMap(({ name, certificate }) => dotsOf(name, certificate)),
  });
}

function dotsOf(row: string, { modelReturn, bound, truth, value }: Certificate): readonly Dot[] {
  return [
    ...(modelReturn === null ? [] : [{ row, kind: MODEL, value: modelReturn.value, ...modelReturn.interval }]),
    ...(bound === null ? [] : [{ row, kind: BOUND, value: bound.low, low: bound.low, high: bound.value }]),
    ...(truth === null
      ? []
      : [{ row, kind: TRUTH, value: truth.discountedReturn.value, ...truth.discountedReturn.interval }]),
    { row, kind: ESTIMATE, value: value.estimate },
    ...(bound === null ? [] : [{ row, kind: LEAST, value: bound.least }]),
  ];
}

/** The price of the model's errors beside what the policy gained by them, where a simulator told. */
function gains(found: readonly Certified[]): Chart | undefined {
  const [gain, cost] = ["gain from cheating, η̂ − η", "λ ε_u, what the bound takes off"];
  const known = found.filter(({ certificate: { truth } }) => truth !== null && truth.gain !== null);
  return dots({
    id: "certificate-gain",
    title: "Gain from cheating beside its price",
    subtitle: "Where the price is the smaller, the penalty takes off less than the policy gains by the model's errors",
    x: "discounted return (reward units)",
    kinds: [gain, cost],
    dots: known.flatMap(({ name: row, certificate: { truth, penalty } }) => [
      { row, kind: gain, value: truth?.gain ?? Number.NaN },
      { row, kind: cost, value: penalty.cost ?? Number.NaN },
    ]),
  });
}

function figuresTable(found: readonly Certified[]): Table {
  return {
    columns: [
      "penalty",
      "standing",
      "bound (lower end)",
      "η̂",
      "λ ε_u",
      "tail after the horizon",
      "true return",
      "gain from cheating",
      "u ≥ error held out, %",
      "asked, %",
      "on visits, %",
      "λ",
      "Lipschitz, reward a spread",
      "values by",
      "discount",
      "horizon",
    ],
    rows: found.map(({ name, certificate }) => {
      const { standing, bound, modelReturn, penalty, tail, truth, heldOut, value, discount, horizon } = certificate;
      return [
        name,
        standing === "conditional" && bound?.vacuous === true ? "conditional, vacuous" : standing,
        bound?.low,
        modelReturn?.value,
        penalty.cost ?? undefined,
        tail,
        truth?.discountedReturn.value,
        truth?.gain ?? undefined,
        heldOut.check.rows === 0 ? undefined : percent(heldOut.check.covered),
        percent(penalty.level),
        truth === null || penalty.coefficient === null ? undefined : percent(truth.visits.covered),
        penalty.lambda,
        value.lipschitz,
        value.source,
        discount,
        horizon,
      ];
    }),
  };
}

function assumptionsTable(found: readonly Certified[]): Table {
  return {
    columns: ["penalty", "assumption", "seen", "what is assumed", "what was seen of it"],
    rows: found.flatMap(({ name, certificate }) =>
      certificate.assumptions.map((each) => [name, each.name, each.verdict, each.states, each.seen]),
    ),
  };
}
