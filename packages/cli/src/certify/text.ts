import { type Certificate, type Certificates, counted } from "@lowerbound/core";
import { textTable } from "../options/table.js";

const figure = (value: number | null): string => (value === null ? "not finite" : value.toPrecision(4));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What `certify` prints of a run: each penalty's bound or why there is none, its parts, and what it rests on. */
export function certificatesText({ certificates }: Certificates): string {
  return certificates.map((each) => `${verdictText(each)}\n${figuresText(each)}\n${assumptionsText(each)}\n`).join("");
}

function verdictText({ standing, bound, reasons, penalty, discount }: Certificate): string {
  if (standing === "void" || bound === null) {
    return [`${penalty.type}: VOID, there is no bound:\n`, ...reasons.map((each) => `  ${each}\n`)].join("");
  }
  const what = `${penalty.type}: conditional lower bound of the return discounted by ${discount}: ${figure(bound.low)}\n`;
  return bound.vacuous
    ? `${what}  vacuous: every policy gets ${figure(bound.least)}, the least reward (0, if positive) in every step\n`
    : what;
}

function figuresText(certificate: Certificate): string {
  const { modelReturn, penalty, tail, bound, value, horizon, starts, truth, rewards } = certificate;
  const rows = [
    ["return in the model", figure(modelReturn?.value ?? null), `${starts} logged starts, the policy's mode`],
    ["- lambda eps_u", figure(penalty.cost), costText(certificate)],
    ["+ tail", figure(tail), `least that steps after ${horizon} can pay (rewards ${rangeText(rewards)})`],
    ...(bound === null
      ? []
      : [
          ["= bound", figure(bound.value), ""],
          ["lower end", figure(bound.low), intervalText(bound.confidence, starts)],
        ]),
    ["estimate, no bound", figure(value.estimate), value.source === "fqe" ? "fitted Q evaluation" : value.source],
    ...(truth === null ? [] : truthRows(truth, penalty.cost)),
  ];
  return textTable(["figure", "reward", "from"], rows);
}

const intervalText = (confidence: number, starts: number): string =>
  starts > 1 ? `of its ${100 * confidence} % interval over starts and samples` : "the same: one start has no interval";

const rangeText = ({ minimum, maximum }: Certificate["rewards"]): string => `${figure(minimum)} to ${figure(maximum)}`;

function costText({ penalty, value }: Certificate): string {
  if (penalty.coefficient === null) return "there is no coefficient: see u >= error";
  const { lambda, epsilon, coefficient, calibrated, level, scale } = penalty;
  const product =
    scale === null || epsilon === null
      ? ""
      : `lambda ${figure(lambda)} x eps_u ${figure(epsilon)} (u x ${figure(scale)}); Lipschitz ${figure(value.lipschitz)}; `;
  const found = calibrated ? `covers ${percent(level)} of rows it was found on` : "as claimed";
  return `${product}${figure(coefficient)} a unit of u, ${found}`;
}

function truthRows(
  { environmentId, episodes, discountedReturn, gain }: NonNullable<Certificate["truth"]>,
  cost: number | null,
) {
  const beside =
    gain === null || cost === null
      ? ""
      : gain <= cost
        ? "no more than lambda eps_u: what cheating gains, the penalty takes off"
        : "more than lambda eps_u: the penalty takes off less than cheating gains";
  return [
    [
      "true return",
      figure(discountedReturn.value),
      `${counted(episodes, "episode")} of ${environmentId}; the bound does not see it`,
    ],
    ["gain from cheating", figure(gain), beside],
  ];
}

function assumptionsText({ assumptions, standing }: Certificate): string {
  const rows = assumptions.map(({ name, states, verdict, seen }) => [verdict, name, `${states}: ${seen}`]);
  const table = textTable(["seen", "assumption", "what is assumed: what was seen of it"], rows);
  if (standing !== "void") {
    return `${table}the bound holds if all of these do; not to have been seen to fail is no proof\n`;
  }
  // Too few episodes, or a model that runs off, leave no bound without an assumption that failed.
  const failed = assumptions.some(({ verdict }) => verdict === "seen to fail");
  const why = failed ? "an assumption was seen to fail" : "no bound could be made";
  return `${table}${why}, so none of these figures bounds the true return\n`;
}
