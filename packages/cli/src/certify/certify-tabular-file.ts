import { evaluateTabular, policyIteration, type TabularMdp } from "@lowerbound/environments";
import {
  type BoundedModel,
  certifyTabular,
  checkErrors,
  countSamples,
  modelFromSamples,
  returnBounds,
  type TabularCertificate,
  theoremLambda,
  totalVariation,
} from "@lowerbound/evaluation";
import { readTabularFile, type TabularTask } from "./tabular-file.js";

/** What the true process shows; it can void a certificate and is otherwise no part of it. */
export interface TabularTruth {
  readonly achieved: number;
  readonly best: number;
  readonly behaviour: number | undefined;
  /** Pairs of all with claimed error >= true error. */
  readonly covered: number;
  readonly pairs: number;
  /** Model return less true return: the gain from cheating. */
  readonly gain: number;
}

/** What lambda from the largest reward alone would have said; only where that differs. */
export interface LargestRewardAlone {
  readonly lambda: number;
  readonly lower: number;
  /** Undefined without the truth. */
  readonly holds: boolean | undefined;
}

export interface TabularResult {
  readonly kind: "tabular";
  readonly standing: TabularCertificate["standing"];
  readonly states: number;
  readonly actions: number;
  readonly discount: number;
  readonly errorsFrom: "claimed" | "logged steps";
  readonly confidence: number | undefined;
  /** Lower bound no better than what every policy gets, the least reward at every step. */
  readonly vacuous: boolean;
  readonly certificate: Omit<TabularCertificate, "policy" | "standing"> & { readonly policy: readonly number[][] };
  readonly largestRewardAlone: LargestRewardAlone | undefined;
  readonly truth: TabularTruth | undefined;
}

/** Certify the optimum of a tabular task's penalised model, exactly. @throws FileError, DataError for a broken file */
export async function certifyTabularFile(path: string): Promise<TabularResult> {
  const task = await readTabularFile(path);
  const { known, range, behaviour } = task;
  const bounded = boundedOf(task);
  const { model, lambda, error } = bounded;
  const check = checkOf(task, bounded);
  const { policy, standing, ...certificate } = certifyTabular({
    model,
    lambda,
    error,
    ...(behaviour === undefined ? {} : { behaviour }),
    ...(check === undefined ? {} : { check }),
  });
  const truth = task.truth === undefined ? undefined : truthOf(task.truth, { policy, ...certificate }, task, bounded);
  const broken =
    truth !== undefined && (truth.covered < truth.pairs || beyond(certificate.bounds.lower, truth.achieved));
  const least = (known.terminal.includes(1) ? Math.min(range.minimum, 0) : range.minimum) / (1 - known.discount);
  return {
    kind: "tabular",
    standing: broken ? "void" : standing,
    states: known.states,
    actions: known.actions,
    discount: known.discount,
    errorsFrom: "steps" in task.claim ? "logged steps" : "claimed",
    confidence: "steps" in task.claim ? bounded.confidence : undefined,
    vacuous: certificate.bounds.lower <= least,
    certificate: { ...certificate, policy: rowsOf(policy, known.actions) },
    largestRewardAlone: largestRewardAlone(task, policy, truth),
    truth,
  };
}

const ROUNDING = 1e-9;
/** Above by more than rounding. */
const beyond = (value: number, limit: number): boolean => value > limit + ROUNDING * Math.max(1, Math.abs(limit));

function boundedOf({ claim, known, range, confidence }: TabularTask): BoundedModel {
  if ("steps" in claim) return modelFromSamples(claim.steps, known, { rewards: range, confidence });
  const lambda = theoremLambda(range, known.discount, known.terminal.includes(1));
  const error = claim.transitions.map((distance, row) => claim.rewards[row]! + lambda * distance);
  return { model: claim.model, lambda, error, confidence };
}

function checkOf({ heldOut, known, range, confidence, claim }: TabularTask, { model, error, lambda }: BoundedModel) {
  if (heldOut === undefined) return undefined;
  const parts = "steps" in claim ? {} : { parts: claim };
  const counts = countSamples(heldOut, known);
  return checkErrors({ model, error, ...parts, lambda, rewards: range, heldOut: counts, confidence });
}

function truthOf(
  truth: TabularMdp,
  { policy, bounds }: TabularCertificate | Omit<TabularCertificate, "standing">,
  { behaviour, known }: TabularTask,
  { model, lambda, error }: BoundedModel,
): TabularTruth {
  const distance = totalVariation(model.transitions, truth.transitions, known.states);
  const actual = truth.rewards.map((reward, row) => Math.abs(model.rewards[row]! - reward) + lambda * distance[row]!);
  const rows = [...actual.keys()].filter((row) => known.terminal[Math.floor(row / known.actions)] !== 1);
  const achieved = evaluateTabular(truth, policy).expectedReturn;
  return {
    achieved,
    best: policyIteration(truth).expectedReturn,
    behaviour: behaviour === undefined ? undefined : evaluateTabular(truth, behaviour).expectedReturn,
    covered: rows.filter((row) => !beyond(actual[row]!, error[row]!)).length,
    pairs: rows.length,
    gain: bounds.modelReturn - achieved,
  };
}

/** MOPO's own constant, right for rewards from 0 on. */
function largestRewardAlone(
  { claim, known, range }: TabularTask,
  policy: Float64Array,
  truth: TabularTruth | undefined,
): LargestRewardAlone | undefined {
  if ("steps" in claim || range.minimum >= 0 || range.maximum < 0) return undefined;
  const lambda = theoremLambda({ minimum: 0, maximum: range.maximum }, known.discount, false);
  const error = claim.transitions.map((distance, row) => claim.rewards[row]! + lambda * distance);
  const { lower } = returnBounds(claim.model, policy, error);
  return { lambda, lower, holds: truth === undefined ? undefined : !beyond(lower, truth.achieved) };
}

const rowsOf = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);
