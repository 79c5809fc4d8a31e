import { textTable } from "../options/table.js";
import type { TabularResult, TabularTruth } from "./tabular-schema.js";

type Check = TabularResult["certificate"]["check"];

/** Pairs with too few held-out steps that are named; the file may have thousands. */
const NAMED = 8;

const figure = (value: number): string => (value === 0 ? "0" : value.toPrecision(5));

/** What `certify` prints of a tabular task: exact bounds, comparisons, the curve of pi^delta, and what it rests on. */
export function tabularText(result: TabularResult): string {
  return [headText(result), figuresText(result), curveText(result), restText(result)].join("\n");
}

function headText({ states, actions, discount, reasons, certificate, vacuous }: TabularResult): string {
  const task = `${states} states, ${actions} action${actions === 1 ? "" : "s"}, discount ${discount}; returns are discounted sums of rewards\n`;
  const { lower } = certificate.bounds;
  if (lower === null) return [`${task}VOID, there is no bound:\n`, ...reasons.map((each) => `  ${each}\n`)].join("");
  const empty = vacuous ? "  vacuous: no better than what every policy gets, the least reward at every step\n" : "";
  const head = `the best policy of the penalised model gets at least ${figure(lower)} in truth, if u >= error`;
  return `${task}${head}${uncheckedText(certificate.check)}\n${empty}`;
}

function uncheckedText({ verdict, checked, unchecked }: Check): string {
  if (unchecked.length === 0) return "";
  const why = verdict === "not checked" ? "no held-out steps were given" : "too few held-out steps";
  return `, which could not be checked at ${unchecked.length} of ${checked + unchecked.length} pairs (${why})`;
}

type Row = [figure: string, reward: string, from: string];

function figuresText({ certificate, truth, largestRewardAlone: alone }: TabularResult): string {
  const { bounds, lambda } = certificate;
  const epsilon = lambda === 0 ? 0 : bounds.penalty / lambda;
  const rows: Row[] = [
    ["return in the model", figure(bounds.modelReturn), ""],
    ["lambda eps_u", figure(bounds.penalty), `lambda ${figure(lambda)} x eps_u ${figure(epsilon)}`],
    ...boundRows(certificate),
    ...(truth === null ? [] : truthRows(truth, bounds.penalty)),
  ];
  const verdict = { true: "holds here", false: "WRONG: above the true return", null: "may be wrong" };
  const counter =
    alone === null
      ? ""
      : `rewards are signed: lambda of the largest reward alone, ${figure(alone.lambda)}, would say at least ` +
        `${figure(alone.lower)}: ${verdict[`${alone.holds}`]}\n`;
  return `${textTable(["figure", "reward", "from"], rows)}${counter}`;
}

/** A row of a figure; none where the certificate is void, and has no such figure. */
const rowOf = (name: string, value: number | null, from = ""): Row[] =>
  value === null ? [] : [[name, figure(value), from]];

function boundRows({ bounds, optimumAtMost, optimalityGap, behaviour }: TabularResult["certificate"]): Row[] {
  const { lower, upper } = behaviour?.bounds ?? { lower: null, upper: null };
  return [
    ...rowOf("true return at least", bounds.lower, "exact: linear solves"),
    ...rowOf("true return at most", bounds.upper),
    ...rowOf("any policy at most", optimumAtMost, "the model's optimum, rewards raised by lambda u"),
    ...rowOf("optimality gap at most", optimalityGap, "what is lost on the best policy of all"),
    ...rowOf("behaviour at least", lower),
    ...rowOf("behaviour at most", upper),
    ...rowOf("improvement at least", behaviour?.improvementAtLeast ?? null, "true return over the behaviour policy's"),
  ];
}

const truthRows = ({ achieved, gain, best, behaviour }: TabularTruth, penalty: number): Row[] => [
  ["true return", figure(achieved), "from the file's truth, which the certificate does not see"],
  ["gain from cheating", figure(gain), `beside lambda eps_u ${figure(penalty)}`],
  ["best true return", figure(best), ""],
  ...rowOf("behaviour's true return", behaviour),
];

function curveText({ certificate }: TabularResult): string {
  if (certificate.curve.length === 0) return "";
  const rows = certificate.curve.map(({ delta, modelReturn, loss }) => [
    figure(delta),
    figure(modelReturn),
    figure(loss),
  ]);
  const head =
    "pi^delta, the model's best policy with eps_u <= delta: what is lost on its true return is at most 2 lambda delta\n";
  return `${head}${textTable(["delta", "return in the model", "lost at most"], rows)}`;
}

function restText({ certificate: { check }, errorsFrom, confidence, truth }: TabularResult): string {
  const from =
    errorsFrom === "claimed"
      ? "u: as the file claims\n"
      : `u: from logged steps, for all pairs at once with probability ${confidence} (independent draws at each pair)\n`;
  const beside = truth === null ? "" : `u >= error in truth: at ${truth.covered} of ${truth.pairs} pairs\n`;
  return `${from}${checkText(check)}${beside}`;
}

function checkText({ verdict, checked, unchecked, violations }: Check): string {
  const pairs = checked + unchecked.length;
  if (verdict === "not checked") return `u >= error: checked at none of ${pairs} pairs, no held-out steps were given\n`;
  const seen =
    `u >= error on held-out steps: ${verdict}; ${checked} of ${pairs} pairs checked, ` +
    `${violations.length} seen to fail, ${unchecked.length} with too few steps to tell`;
  const named = unchecked.slice(0, NAMED).map(({ state, action, steps }) => `(${state}, ${action}) ${steps}`);
  const more = unchecked.length > NAMED ? `, and ${unchecked.length - NAMED} more` : "";
  return unchecked.length === 0 ? `${seen}\n` : `${seen}\n  (state, action) steps: ${named.join(", ")}${more}\n`;
}
