import { textTable } from "../options/table.js";
import type { TabularResult } from "./certify-tabular-file.js";

const figure = (value: number): string => (value === 0 ? "0" : value.toPrecision(5));

/** What `certify` prints of a tabular task: exact bounds, comparisons, the curve of pi^delta, and what it rests on. */
export function tabularText(result: TabularResult): string {
  return [headText(result), figuresText(result), curveText(result), restText(result)].join("\n");
}

function headText({ states, actions, discount, standing, certificate, vacuous }: TabularResult): string {
  const task = `${states} states, ${actions} action${actions === 1 ? "" : "s"}, discount ${discount}; returns are discounted sums of rewards\n`;
  if (standing === "void") return `${task}VOID: u >= error was seen to fail; nothing is bounded\n`;
  const { lower } = certificate.bounds;
  const empty = vacuous ? "  vacuous: no better than what every policy gets, the least reward at every step\n" : "";
  return `${task}the best policy of the penalised model gets at least ${figure(lower)} in truth, if u >= error\n${empty}`;
}

function figuresText({ standing, certificate, truth, largestRewardAlone: alone }: TabularResult): string {
  const { bounds, lambda, optimumAtMost, optimalityGap, behaviour } = certificate;
  const epsilon = lambda === 0 ? 0 : bounds.penalty / lambda;
  const bounded: [string, string, string][] =
    standing === "void"
      ? []
      : [
          ["true return at least", figure(bounds.lower), "exact: linear solves"],
          ["true return at most", figure(bounds.upper), ""],
          ["any policy at most", figure(optimumAtMost), "the model's optimum, rewards raised by lambda u"],
          ["optimality gap at most", figure(optimalityGap), "what is lost on the best policy of all"],
          ...(behaviour === undefined
            ? []
            : ([
                ["behaviour policy", `${figure(behaviour.bounds.lower)} to ${figure(behaviour.bounds.upper)}`, ""],
                [
                  "improvement at least",
                  figure(behaviour.improvementAtLeast),
                  "true return over the behaviour policy's",
                ],
              ] satisfies [string, string, string][])),
        ];
  const seen: [string, string, string][] =
    truth === undefined
      ? []
      : [
          ["true return", figure(truth.achieved), "from the file's truth, which the certificate does not see"],
          ["gain from cheating", figure(truth.gain), `beside lambda eps_u ${figure(bounds.penalty)}`],
          ["best true return", figure(truth.best), ""],
          ...(truth.behaviour === undefined
            ? []
            : ([["behaviour's true return", figure(truth.behaviour), ""]] satisfies [string, string, string][])),
        ];
  const rows: [string, string, string][] = [
    ["return in the model", figure(bounds.modelReturn), ""],
    ["lambda eps_u", figure(bounds.penalty), `lambda ${figure(lambda)} x eps_u ${figure(epsilon)}`],
    ...bounded,
    ...seen,
  ];
  const verdict = { true: "holds here", false: "WRONG: above the true return", undefined: "may be wrong" };
  const counter =
    alone === undefined
      ? ""
      : `rewards are signed: lambda of the largest reward alone, ${figure(alone.lambda)}, would say at least ` +
        `${figure(alone.lower)}: ${verdict[`${alone.holds}`]}\n`;
  return `${textTable(["figure", "reward", "from"], rows)}${counter}`;
}

function curveText({ certificate, standing }: TabularResult): string {
  if (standing === "void" || certificate.curve.length === 0) return "";
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
  const checked =
    check.verdict === "not checked"
      ? "u >= error: not checked on held-out steps\n"
      : `u >= error on held-out steps: ${check.verdict}; ${check.checked} pairs checked, ${check.unchecked} with too few ` +
        `steps to tell, ${check.violations.length} seen to fail\n`;
  const beside = truth === undefined ? "" : `u >= error in truth: at ${truth.covered} of ${truth.pairs} pairs\n`;
  return `${from}${checked}${beside}`;
}
