import { evaluateTabular, policyIteration, type TabularMdp } from "@lowerbound/environments";
import {
  type BoundedModel,
  certifyTabular,
  checkErrors,
  countSamples,
  modelFromSamples,
  returnBounds,
  roundingOf,
  type TabularCertificate,
  theoremLambda,
  totalVariation,
} from "@lowerbound/evaluation";
import { readTabularFile, type TabularTask } from "./tabular-file.js";
import { paidOutside } from "./tabular-rewards.js";
import { type TabularResult, type TabularTruth, tabularResultSchema } from "./tabular-schema.js";

/** Certify the optimum of a tabular task's penalised model, exactly. @throws FileError, DataError for a broken file */
export async function certifyTabularFile(path: string): Promise<TabularResult> {
  const task = await readTabularFile(path);
  const { known, behaviour } = task;
  const bounded = boundedOf(task);
  const check = checkOf(task, bounded);
  const certificate = certifyTabular({
    ...bounded,
    ...(behaviour === undefined ? {} : { behaviour }),
    ...(check === undefined ? {} : { check }),
    reasons: [...bounded.reasons, ...paidOutside(task)],
  });
  const truth = task.truth === undefined ? null : truthOf(task.truth, certificate, task, bounded);
  const reasons = [...certificate.reasons, ...(truth === null ? [] : brokenBy(truth, certificate.bounds.lower))];
  return tabularResultSchema.parse({
    kind: "tabular",
    standing: reasons.length > 0 ? "void" : certificate.standing,
    reasons,
    states: known.states,
    actions: known.actions,
    discount: known.discount,
    errorsFrom: "steps" in task.claim ? "logged steps" : "claimed",
    confidence: "steps" in task.claim ? bounded.confidence : null,
    ...statedOf(certificate, task, reasons.length > 0),
    largestRewardAlone: largestRewardAlone(task, certificate.policy, truth),
    truth,
  });
}

/** The figures of a certificate, without those that bound something where it is void. */
function statedOf(certificate: TabularCertificate, { known, range }: TabularTask, isVoid: boolean) {
  const { bounds, behaviour = null, lambda, check } = certificate;
  const policy = rowsOf(certificate.policy, known.actions);
  if (isVoid) {
    const none = { optimumAtMost: null, optimalityGap: null, behaviour: null, curve: [] };
    const unbounded = { ...bounds, lower: null, upper: null };
    return { vacuous: null, certificate: { policy, bounds: unbounded, lambda, ...none, check } };
  }
  const { optimumAtMost, optimalityGap, curve } = certificate;
  const least = (known.terminal.includes(1) ? Math.min(range.minimum, 0) : range.minimum) / (1 - known.discount);
  return {
    vacuous: bounds.lower <= least,
    certificate: { policy, bounds, lambda, optimumAtMost, optimalityGap, behaviour, curve, check },
  };
}

/** What the true process breaks of a certificate. */
function brokenBy({ covered, pairs, achieved }: TabularTruth, lower: number): readonly string[] {
  const fails = `u >= error: true at ${covered} of ${pairs} pairs alone, by the file's truth`;
  const below = `the bound itself: the true return is ${achieved}, the bound ${lower}`;
  return [...(covered < pairs ? [fails] : []), ...(beyond(lower, achieved) ? [below] : [])];
}

/** Above by more than rounding. */
const beyond = (value: number, limit: number): boolean => value > limit + roundingOf(limit);

function boundedOf({ claim, known, range, confidence }: TabularTask): BoundedModel {
  if ("steps" in claim) return modelFromSamples(claim.steps, known, { rewards: range, confidence });
  const lambda = theoremLambda(range, known.discount, known.terminal.includes(1));
  const error = claim.transitions.map((distance, row) => claim.rewards[row]! + lambda * distance);
  return { model: claim.model, lambda, error, confidence, reasons: [] };
}

function checkOf({ heldOut, known, range, confidence, claim }: TabularTask, { model, error, lambda }: BoundedModel) {
  if (heldOut === undefined) return undefined;
  const parts = "steps" in claim ? {} : { parts: claim };
  const counts = countSamples(heldOut, known);
  return checkErrors({ model, error, ...parts, lambda, rewards: range, heldOut: counts, confidence });
}

function truthOf(
  truth: TabularMdp,
  { policy, bounds }: TabularCertificate,
  { behaviour, known, claim }: TabularTask,
  { model, lambda, error }: BoundedModel,
): TabularTruth {
  const distance = totalVariation(model.transitions, truth.transitions, known.states);
  const wrong = truth.rewards.map((reward, row) => Math.abs(model.rewards[row]! - reward));
  const rows = [...wrong.keys()].filter((row) => known.terminal[Math.floor(row / known.actions)] !== 1);
  const covers = (row: number) =>
    "steps" in claim
      ? !beyond(wrong[row]! + lambda * distance[row]!, error[row]!)
      : !beyond(wrong[row]!, claim.rewards[row]!) && !beyond(distance[row]!, claim.transitions[row]!);
  const achieved = evaluateTabular(truth, policy).expectedReturn;
  return {
    achieved,
    best: policyIteration(truth).expectedReturn,
    behaviour: behaviour === undefined ? null : evaluateTabular(truth, behaviour).expectedReturn,
    covered: rows.filter(covers).length,
    pairs: rows.length,
    gain: bounds.modelReturn - achieved,
  };
}

/** MOPO's own constant, right for rewards from 0 on. */
function largestRewardAlone(
  { claim, known, range }: TabularTask,
  policy: Float64Array,
  truth: TabularTruth | null,
): TabularResult["largestRewardAlone"] {
  if ("steps" in claim || range.minimum >= 0 || range.maximum < 0) return null;
  const lambda = theoremLambda({ minimum: 0, maximum: range.maximum }, known.discount, false);
  const error = claim.transitions.map((distance, row) => claim.rewards[row]! + lambda * distance);
  const { lower } = returnBounds(claim.model, policy, error);
  return { lambda, lower, holds: truth === null ? null : !beyond(lower, truth.achieved) };
}

const rowsOf = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);
