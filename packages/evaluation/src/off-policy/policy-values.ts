import { type Engine, type Matrix, type Policy, Random, type Transitions } from "@lowerbound/core";
import { actAll, matrixOf, pickRows } from "./act-all.js";
import { type FittedQ, fitQEvaluation } from "./fqe-fit.js";
import { lastRows } from "./logged-episodes.js";
import type { OffPolicyOptions } from "./options.js";

/** What the values of a policy are fitted from. */
export interface PolicyValuesJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  readonly policy: Policy;
  readonly options: OffPolicyOptions;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Fitted Q evaluation of a policy's mode, or of the policy as it samples. */
export async function fitQ(job: PolicyValuesJob, deterministic: boolean): Promise<FittedQ> {
  const { engine, transitions, policy, options, seed, onProgress, signal } = job;
  const next = matrixOf(transitions.nextObservations, transitions.observation);
  return fitQEvaluation({
    engine,
    transitions,
    nextActions: await actAll(policy, next, { deterministic, seed }),
    options: options.fqe,
    discount: options.discount,
    random: Random.fromSeed(seed).stream("fqe"),
    ...(onProgress === undefined ? {} : { onProgress: (done) => onProgress(done, options.fqe.updates) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Estimated values of the policy as it samples, of endless episodes. */
export interface PolicyValues {
  /** Q of logged pairs and V of their observations, [count] each. */
  readonly actionValues: Float64Array;
  readonly values: Float64Array;
  /** V after each logged episode's last step, [episodes]: 0 after a terminal one. */
  readonly finalValues: Float64Array;
}

/** Q by {@link fitQ}, V as its mean over sampled actions. */
export async function policyValues(job: PolicyValuesJob): Promise<PolicyValues> {
  const { transitions, options } = job;
  const fitted = await fitQ(job, false);
  try {
    const observations = matrixOf(transitions.observations, transitions.observation);
    const logged = matrixOf(transitions.actions, transitions.action);
    return {
      actionValues: await fitted.values(observations, logged),
      values: await stateValues(job, fitted, observations, 1),
      finalValues: await valuesAfterEnds(job, fitted, 1 + options.valueSamples),
    };
  } finally {
    await fitted.dispose();
  }
}

/** Apart from the seeds that the calls of one draw count up. */
const SAMPLE_SEEDS = 1_000_003;

/** V [rows]; draws are numbered from `firstDraw` on. */
async function stateValues(
  { policy, options: { valueSamples }, seed }: PolicyValuesJob,
  fitted: FittedQ,
  observations: Matrix,
  firstDraw: number,
): Promise<Float64Array> {
  const values = new Float64Array(observations.rows);
  for (let draw = firstDraw; draw < firstDraw + valueSamples; draw++) {
    const drawn = await actAll(policy, observations, { deterministic: false, seed: seed + SAMPLE_SEEDS * draw });
    const q = await fitted.values(observations, drawn);
    q.forEach((value, row) => {
      values[row]! += value / valueSamples;
    });
  }
  return values;
}

async function valuesAfterEnds(job: PolicyValuesJob, fitted: FittedQ, firstDraw: number): Promise<Float64Array> {
  const { nextObservations, observation, terminations } = job.transitions;
  const ends = lastRows(job.transitions);
  const cut = ends.filter((row) => terminations[row] === 0);
  if (cut.length === 0) return new Float64Array(ends.length);
  const after = pickRows(matrixOf(nextObservations, observation), cut);
  const values = await stateValues(job, fitted, after, firstDraw);
  let next = 0;
  return Float64Array.from(ends, (row) => (terminations[row] === 0 ? values[next++]! : 0));
}
