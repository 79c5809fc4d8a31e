import { type Assumption, type Certificate, certificateSchema, Random, type Transitions } from "@lowerbound/core";
import type { MeasuredRows } from "../../calibration/rows.js";
import { startsOf } from "../../off-policy/logged-episodes.js";
import type { ModelRolloutJob } from "../../off-policy/model-rollout.js";
import { mean } from "../../statistics/scores.js";
import { boundHolds, coversErrors, fewDraws, likeVisits, lipschitzValue, reasonsOf, unchecked } from "./assumptions.js";
import { type BesideTruth, besideTruth } from "./beside-truth.js";
import { type BoundFigures, boundOf } from "./bound-of.js";
import type { CheckOptions } from "./coverage-check.js";
import {
  type CoefficientEstimate,
  estimateCoefficient,
  estimateLipschitz,
  type LipschitzEstimate,
  type MeasuredPenalty,
  type MeasuringJob,
  measureRows,
} from "./held-out.js";
import { type ImaginedSums, imaginedSums } from "./imagined.js";
import { leastReward } from "./least-reward.js";
import type { CertifyOptions } from "./options.js";
import { type ErrorOptions, largestValue, rowErrors } from "./row-errors.js";
import { sampleDistances, spreadsOf } from "./sample-distances.js";
import type { PlayedTruth } from "./truth.js";

export interface CertifyJob extends Omit<MeasuringJob, "samples"> {
  /** The log that the policy learnt from. */
  readonly transitions: Transitions;
  readonly policy: ModelRolloutJob["policy"];
  readonly penaltyType: string;
  readonly heldOut: { readonly kind: Certificate["heldOut"]["kind"]; readonly rows: MeasuredRows };
  readonly options: CertifyOptions;
  readonly seed: number;
  /** What a simulator showed; the bound does not see it. */
  readonly truth?: PlayedTruth | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A lower bound of the discounted return of a policy's mode on a continuous task, conditional on what it lists.
 *
 * The model's return, less lambda eps_u, the discounted sum of coefficient x u along the policy's rollouts in the model,
 * plus the least that steps after the horizon can pay. The coefficient, lambda x scale, is the smallest that covers the
 * error of a step in every other held-out episode; the rest check it. lambda is discount x the value's Lipschitz constant,
 * the largest slope of estimated values between the model's next states and those that came: a Wasserstein-1 error of
 * the model then bounds what it can move the value. Void, without a bound, where an assumption was seen to fail.
 *
 * Source: MOPO (Yu et al. 2020), lemma 4.1, with the integral probability metric of a Lipschitz value class (their
 * section 4.1; Asadi et al. 2018).
 */
export async function certifyContinuous(job: CertifyJob): Promise<Certificate> {
  const { transitions, options, seed, values } = job;
  const measuring = { ...job, samples: options.samples };
  const spreads = spreadsOf(transitions);
  const found = await priceOf(job, measuring, spreads);
  const starts = startsOf(transitions, options.starts);
  const { measured, coefficient } = found;
  const known = measured.u.reduce((most, u) => Math.max(most, u), 0);
  const sums = await imaginedSums(rolloutJob(job, starts), { discount: options.discount, known });
  const figures = boundOf({ sums, coefficient: coefficient.coefficient, transitions, options, seed });
  const { pricing } = found;
  const checking = checkingOf(job);
  const beside =
    job.truth === undefined
      ? null
      : await besideTruth({ played: job.truth, measuring, spreads, pricing, ...coefficient, figures, checking });
  const estimate = mean(await values.values(starts));
  return certificateSchema.parse(certificateOf(job, { ...found, sums, figures, beside, estimate }));
}

/** What was found on held-out rows. */
interface Price {
  readonly measured: MeasuredPenalty;
  readonly lipschitz: LipschitzEstimate;
  readonly pricing: ErrorOptions;
  readonly coefficient: CoefficientEstimate;
}

const checkingOf = ({ seed, options: { repetitions, confidence } }: CertifyJob): CheckOptions => ({
  seed,
  repetitions,
  confidence,
});

async function priceOf(job: CertifyJob, measuring: MeasuringJob, spreads: ArrayLike<number>): Promise<Price> {
  const { discount, level, coefficient: claimed } = job.options;
  const measured = await measureRows(measuring, job.heldOut.rows);
  const distance = sampleDistances(measured.rows, measured.sampled, spreads);
  const checking = checkingOf(job);
  const lipschitz = estimateLipschitz(measured, distance, checking);
  const pricing = { discount, lipschitz: lipschitz.constant, largestValue: largestValue(measured.values) };
  const errors = rowErrors({ ...measured, distance }, pricing);
  const coefficient = estimateCoefficient(measured, errors, { ...checking, level, claimed, slopes: lipschitz.pairs });
  return { measured, lipschitz, pricing, coefficient };
}

const rolloutJob = (job: CertifyJob, starts: ModelRolloutJob["starts"]): ModelRolloutJob => ({
  ...job.model,
  termination: job.termination,
  policy: job.policy,
  starts,
  actions: job.transitions.action,
  horizon: job.options.horizon,
  deterministic: true,
  random: Random.fromSeed(job.seed).stream("imagined"),
  seed: job.seed,
  penalty: job.penalty,
  signal: job.signal,
});

interface Findings extends Price {
  readonly sums: ImaginedSums;
  readonly figures: BoundFigures;
  readonly beside: BesideTruth | null;
  readonly estimate: number;
}

function certificateOf(job: CertifyJob, found: Findings): Certificate {
  const { options, penaltyType } = job;
  const { figures, coefficient, beside, sums } = found;
  const { bound, modelReturn, tail, rewards } = figures;
  const value = valueFigures(job, found);
  const assumptions = assumptionsOf(job, found, value);
  const reasons = reasonsOf(assumptions, figures);
  return {
    kind: "conditional",
    standing: reasons.length === 0 ? "conditional" : "void",
    reasons: [...reasons],
    bound: reasons.length === 0 ? bound : null,
    discount: options.discount,
    horizon: options.horizon,
    starts: sums.returns.length,
    modelReturn,
    penalty: { type: penaltyType, unit: job.penalty.penalty.unit ?? null, ...penaltyFigures(found, options) },
    value,
    tail,
    rewards,
    heldOut: { kind: job.heldOut.kind, check: coefficient.check, beyond: sums.beyond },
    assumptions: [...assumptions],
    truth: beside?.truth ?? null,
  };
}

const valueFigures = ({ values }: CertifyJob, { lipschitz, pricing, estimate }: Findings): Certificate["value"] => ({
  source: values.source,
  lipschitz: lipschitz.constant,
  pairs: lipschitz.pairs,
  within: lipschitz.within?.share ?? null,
  largest: pricing.largestValue,
  estimate,
});

function assumptionsOf(job: CertifyJob, found: Findings, value: Certificate["value"]): readonly Assumption[] {
  const { heldOut, options, truth: played } = job;
  const { figures, lipschitz, coefficient, beside, sums } = found;
  const { bound, modelReturn } = figures;
  return [
    coversErrors(coefficient, options.level),
    likeVisits(coefficient, { beyond: sums.beyond, visits: beside?.visits, level: options.level }),
    lipschitzValue(lipschitz),
    ...unchecked(value, { modelReturn, heldOut }),
    ...fewDraws(sums.returns.length),
    ...leastReward(figures, { remaining: mean(sums.remaining), heldOut, visits: played?.visits }),
    ...(beside === null || bound === null ? [] : [boundHolds(bound.low, beside.truth)]),
  ];
}

/** lambda, the scale, and what they come to. */
function penaltyFigures({ pricing, coefficient, figures }: Findings, { level }: CertifyOptions) {
  const lambda = pricing.discount * pricing.lipschitz;
  const finite = Number.isFinite(coefficient.coefficient);
  return {
    lambda,
    scale: finite && lambda > 0 ? coefficient.coefficient / lambda : null,
    coefficient: finite ? coefficient.coefficient : null,
    calibrated: coefficient.calibrated,
    level,
    epsilon: figures.cost !== null && lambda > 0 ? figures.cost / lambda : null,
    cost: figures.cost,
  };
}
