import type { Assumption, Certificate, CertificateCheck } from "@lowerbound/core";
import type { BoundFigures } from "./bound-of.js";
import type { CoverageCheck } from "./coverage-check.js";
import type { CoefficientEstimate, LipschitzEstimate } from "./held-out.js";

/** Share of pairs that the Lipschitz constant is to hold for: it is the largest slope of other pairs. */
const WITHIN = 0.99;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const figure = (value: number): string => value.toPrecision(3);

type Verdict = Assumption["verdict"];
const verdict = (failed: boolean | undefined): Verdict =>
  failed === undefined ? "cannot be checked" : failed ? "seen to fail" : "not seen to fail";

/** u >= error on held-out rows. */
export function coversErrors({ coefficient, lacking, ...checked }: CoefficientEstimate, level: number): Assumption {
  const states = `coefficient x u is at least the error of a step, at ${percent(level)} of transitions like the held-out ones`;
  const name = "u >= error";
  if (lacking !== undefined) return { name, states, verdict: verdict(undefined), seen: lacking };
  if (!Number.isFinite(coefficient)) {
    return { name, states, verdict: "seen to fail", seen: "no coefficient covers the held-out errors" };
  }
  const fails = uncovered(checked, level);
  const { check } = checked;
  const seen = `held at ${covers(check)}, ${check.episodes} episodes`;
  return {
    name,
    states,
    verdict: verdict(fails),
    seen: fails === undefined ? "too few held-out episodes to check it on" : seen,
  };
}

/** The share covered, or the mean that the bound sums up, is surely too small; undefined of fewer than two episodes. */
const uncovered = ({ check, coverage, margin }: CoverageCheck, level: number): boolean | undefined =>
  coverage === null || margin === null || check.episodes < 2 ? undefined : coverage.high < level || margin.high < 0;

const covers = ({ covered, rows, meanError, meanPenalty }: CertificateCheck): string =>
  `${percent(covered)} of ${rows} rows; mean error ${figure(meanError)} beside ${figure(meanPenalty)} claimed`;

/** The estimated values' slope. */
export function lipschitzValue({ constant, within, pairs }: LipschitzEstimate): Assumption {
  const name = "Lipschitz value";
  const most = pairs === 0 ? "some constant" : figure(constant);
  const states = `the value differs by at most ${most} a spread between the model's next state and the true one`;
  if (pairs === 0 || within === null) {
    const seen = `no pairs to ${pairs === 0 ? "find" : "check"} it on`;
    return { name, states, verdict: verdict(undefined), seen };
  }
  return {
    name,
    states,
    verdict: verdict(within.interval.high < WITHIN),
    seen: `the largest slope of ${pairs} pairs; ${percent(within.share)} of other episodes' pairs have none larger`,
  };
}

/** What nothing in the log can tell. */
export function unchecked(
  value: Certificate["value"],
  {
    modelReturn,
    heldOut,
  }: Pick<Certificate, "modelReturn"> & { readonly heldOut: Pick<Certificate["heldOut"], "kind"> },
): readonly Assumption[] {
  const beside = modelReturn === null ? "" : `, the model says ${figure(modelReturn.value)}`;
  const cannot = "cannot be checked" as const;
  return [
    {
      name: "value estimate",
      states: "the estimated values are as steep, and as large, as the true ones",
      verdict: cannot,
      seen: `they put the return at ${figure(value.estimate)}${beside}`,
    },
    ...(value.source === "critic"
      ? [
          {
            name: "critic's reward",
            states: "the critic's values, of the reward that it was trained with, are as steep as the true reward's",
            verdict: cannot,
            seen: "training changes the reward or the Bellman target (values of the true reward: --value fqe)",
          },
        ]
      : []),
    {
      name: "starts",
      states: "episodes start as the logged ones do",
      verdict: cannot,
      seen: "the log's first observations are used",
    },
    ...(heldOut.kind === "rows"
      ? [
          {
            name: "held-out rows",
            states: "errors on rows of episodes that the model partly learnt from are like those on new episodes",
            verdict: cannot,
            seen: "the model was fitted on other rows of these episodes (a log of its own: --data)",
          },
        ]
      : []),
  ];
}

/** Errors where the policy goes, in the model or, where the user looked, in truth. */
export function likeVisits(
  { coefficient }: CoefficientEstimate,
  {
    beyond,
    visits,
    level,
  }: { readonly beyond: number; readonly visits: CoverageCheck | undefined; readonly level: number },
): Assumption {
  const name = "the policy's visits";
  const states = "coefficient x u covers errors where the policy goes as it does on held-out rows";
  if (!Number.isFinite(coefficient)) {
    return { name, states, verdict: verdict(undefined), seen: "there is no coefficient to check" };
  }
  if (visits === undefined) {
    const seen = `${percent(beyond)} of the cost comes from u above the largest of the held-out rows`;
    return { name, states, verdict: "cannot be checked", seen: `${seen}; only a simulator can tell (--visits)` };
  }
  const fails = uncovered(visits, level);
  const seen = `in the simulator ${covers(visits.check)}`;
  const { covered, episodes } = visits.check;
  const below = covered < level ? `, below ${percent(level)}` : "";
  const few = fails === undefined ? `, of ${episodes} episode: too few to tell` : "";
  return { name, states, verdict: verdict(fails), seen: `${seen}${below}${few}` };
}

/** That one start and its draws stand for all, where there is but one: an interval over it has no width. */
export const fewDraws = (starts: number): readonly Assumption[] =>
  starts > 1
    ? []
    : [
        {
          name: "draws",
          states: "other starts, and other draws of the model, give the bound of this one",
          verdict: verdict(undefined),
          seen: "there is one start, drawn once: its interval has no width, and its lower end is the bound of that start",
        },
      ];

/** The bound against the truth, where the user looked; of a single episode no interval tells how far the mean is off. */
export function boundHolds(low: number, truth: NonNullable<Certificate["truth"]>): Assumption {
  const { discountedReturn, cut, episodes } = truth;
  const most = discountedReturn.interval.high + cut;
  const few = episodes < 2;
  const returns = `bound ${figure(low)}, true return ${figure(discountedReturn.value)}`;
  return {
    name: "the bound itself",
    states: "the true return is not below the bound",
    verdict: verdict(few ? undefined : low > most),
    seen: few ? `${returns} of ${episodes} episode: too few to tell` : `${returns}, at most ${figure(most)}`,
  };
}

/** Why a certificate is void; empty where it is not. */
export function reasonsOf(assumptions: readonly Assumption[], { bound, modelReturn }: BoundFigures): readonly string[] {
  const failed = assumptions.filter(({ verdict }) => verdict === "seen to fail");
  const endless = modelReturn === null ? ["the policy's rollouts in the model run off to infinity"] : [];
  const [covers] = assumptions;
  const priceless = bound === null && modelReturn !== null && failed.length === 0 ? [`no cost: ${covers!.seen}`] : [];
  return [...failed.map(({ name, seen }) => `${name}: ${seen}`), ...endless, ...priceless];
}
