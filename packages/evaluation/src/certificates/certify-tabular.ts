import { policyIteration, type TabularMdp, type TabularPolicy } from "@lowerbound/environments";
import { penalisedModel, type ReturnBounds, returnBounds } from "./bound.js";
import { type ErrorCheck, notChecked } from "./held-out-check.js";

/** A point of the curve of best policies by how much error they meet. */
export interface DeltaPoint {
  /** eps_u of the policy, in units of lambda: it is the best of the model among those with at most this. */
  readonly delta: number;
  readonly modelReturn: number;
  /** What the certified policy's true return falls behind this policy's at most: 2 lambda delta. */
  readonly loss: number;
}

/** What can be said of the best policy of a penalised tabular model. */
export interface TabularCertificate {
  readonly policy: TabularPolicy;
  readonly bounds: ReturnBounds;
  readonly lambda: number;
  /** Largest true return that any policy can have. */
  readonly optimumAtMost: number;
  /** What is lost on the best policy of all, at most. */
  readonly optimalityGap: number;
  /** Present with a behaviour policy. */
  readonly behaviour?: {
    readonly bounds: ReturnBounds;
    /** True return over the behaviour's, at least: the better of lower - its upper, and -2 lambda eps_u of it. */
    readonly improvementAtLeast: number;
  };
  readonly curve: readonly DeltaPoint[];
  readonly check: ErrorCheck;
  /** `void` where an assumption was seen to fail: then none of the figures bounds anything. */
  readonly standing: "holds if u >= error" | "holds if u >= error, not all checked" | "void";
  /** Why it is void; empty where it is not. */
  readonly reasons: readonly string[];
}

interface CertifyJob {
  readonly model: TabularMdp;
  readonly lambda: number;
  /** Claimed bound of |reward error| + lambda TV, in units of reward: lambda u, [state, action]. */
  readonly error: Float64Array;
  readonly behaviour?: TabularPolicy;
  readonly check?: ErrorCheck;
  /** Assumptions that were seen to fail before. */
  readonly reasons?: readonly string[];
}

/**
 * The exact optimum of the penalised model and all that follows for it; sees the model and the claimed errors only.
 *
 * Source: MOPO (Yu et al. 2020), theorem 4.4 and its corollaries, with the constant for rewards of either sign.
 */
export function certifyTabular(job: CertifyJob): TabularCertificate {
  const { model, lambda, error, behaviour, check = notChecked(model) } = job;
  const { policy } = policyIteration(penalisedModel(model, error));
  const bounds = returnBounds(model, policy, error);
  const optimumAtMost = policyIteration(penalisedModel(model, error, -1)).expectedReturn;
  return {
    policy,
    bounds,
    lambda,
    optimumAtMost,
    optimalityGap: optimumAtMost - bounds.lower,
    ...(behaviour === undefined ? {} : { behaviour: against(behaviour, bounds, { model, error }) }),
    curve: deltaCurve(model, lambda, error),
    check,
    ...standingOf(check, job.reasons ?? []),
  };
}

function standingOf(check: ErrorCheck, before: readonly string[]): Pick<TabularCertificate, "standing" | "reasons"> {
  const { violations, unchecked, checked } = check;
  const failed = `u >= error: seen to fail at ${violations.length} of ${checked + unchecked.length} pairs, on held-out steps`;
  const reasons = check.verdict === "failed" ? [...before, failed] : before;
  if (reasons.length > 0) return { standing: "void", reasons };
  return { standing: unchecked.length === 0 ? "holds if u >= error" : "holds if u >= error, not all checked", reasons };
}

function against(
  behaviour: TabularPolicy,
  { lower }: ReturnBounds,
  { model, error }: Pick<CertifyJob, "model" | "error">,
) {
  const bounds = returnBounds(model, behaviour, error);
  return { bounds, improvementAtLeast: Math.max(lower - bounds.upper, -2 * bounds.penalty) };
}

const SMALLEST = 2 ** -10;
const LARGEST = 2 ** 10;

/**
 * Corners of the curve of the largest model return against eps_u, least eps_u first: optima under a growing price of error.
 *
 * Prices are a grid of powers of 2 about the theorem's, so that corners between two of them can be left out.
 */
export function deltaCurve(model: TabularMdp, lambda: number, error: Float64Array): readonly DeltaPoint[] {
  if (lambda === 0) return [];
  const points: DeltaPoint[] = [];
  for (const price of [...powers(LARGEST, SMALLEST), 0]) {
    const { policy } = policyIteration(penalisedModel(model, error, price));
    const { modelReturn, penalty } = returnBounds(model, policy, error);
    const last = points.at(-1);
    if (last !== undefined && modelReturn <= last.modelReturn) continue;
    points.push({ delta: penalty / lambda, modelReturn, loss: 2 * penalty });
  }
  return points;
}

function powers(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.round(Math.log2(from / to)) + 1 }, (_, k) => from / 2 ** k);
}
