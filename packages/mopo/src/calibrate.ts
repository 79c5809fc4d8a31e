import { hostPolicy, imitate, rolloutPartsOf } from "@lowerbound/actor-critic";
import { CapabilityError, type FitContext, type Fitted, type Json, type Transitions } from "@lowerbound/core";
import {
  coveringCoefficient,
  estimateLipschitz,
  fittedValues,
  fqeOptions,
  type MeasuredPenalty,
  measuredRows,
  measureRows,
  rowErrors,
  rowsByGroup,
  someRows,
} from "@lowerbound/evaluation";
import { columnMoments } from "@lowerbound/nn";
import { z } from "zod";
import type { MopoOptions } from "./options.js";
import { discountOf, type PenalisedParts, penaltyOf, seedOf } from "./parts.js";

/** The theorem's coefficient, found before any candidate is trained; null with the reason where there is none. */
const calibrationSchema = z.looseObject({ coefficient: z.number().nullable(), reason: z.string().nullable() });
export type Calibration = z.output<typeof calibrationSchema>;

/** What {@link fitCalibration} left behind. */
export const calibrationOf = ({ facts }: Fitted): Calibration => calibrationSchema.parse(facts);

type Options = Pick<
  MopoOptions,
  "selection" | "calibrationLevel" | "valueUpdates" | "batchSize" | "logEvery" | "checkpointEvery"
>;

/** Held-out rows, at most, and samples of the model at each, as certificates have them. */
const ROWS = 2000;
const SAMPLES = 8;
/** Of the Lipschitz constant on the other episodes: the share is kept, its interval is not. */
const CHECK = { seed: 0, repetitions: 1, confidence: 0.95 };
/** Added to a spread, as certificates do: entries that never change count in their own unit, a thousandth at least. */
const OFFSET = 1e-3;
const CLONING_RATE = 1e-3;

/**
 * The fixed coefficient of the comparison: the smallest c with c u >= error of a step at `calibrationLevel` of transitions
 * like those of the held-out episodes, the error in units of return.
 *
 * The error is that of the conditional certificate: the reward's, and discount x Lipschitz constant of the value x distance
 * of the next states. The value is the behaviour's, cloned and evaluated on the data, so that one coefficient stands for
 * all candidates and none of them moves it. Source: MOPO (Yu et al. 2020), lemma 4.1, in the Wasserstein form of its
 * section 4.1; split conformal prediction over episodes for the scale.
 */
export async function fitCalibration(context: FitContext, parts: PenalisedParts, options: Options): Promise<Fitted> {
  const refused = refusal(parts, options);
  if (refused !== undefined) return { tensors: {}, facts: { coefficient: null, reason: refused } };
  const held = await context.heldOut?.transitions();
  if (held === undefined) {
    throw new CapabilityError("no episodes are held out", { where: "algorithm", expected: "a pipeline" });
  }
  const measured = await measureHeldOut(context, parts, { held, options });
  return { tensors: {}, facts: factsOf(measured, discountOf(parts), options) };
}

/** Why nothing is to be calibrated, or undefined. */
function refusal({ penalty }: PenalisedParts, { selection }: Options): string | undefined {
  if (selection === "fqe") return "selection is fqe";
  const [asked] = penalty.requests ?? [];
  return asked === undefined ? undefined : `the penalty asks for a ${asked}, which differs from candidate to candidate`;
}

interface Measuring {
  readonly held: Transitions;
  readonly options: Options;
}

async function measureHeldOut(
  context: FitContext,
  parts: PenalisedParts,
  { held, options }: Measuring,
): Promise<MeasuredPenalty> {
  const { engine, random, dataset, run } = context;
  const { dynamics, dynamicsTensors, termination } = await rolloutPartsOf(context, parts);
  const transitions = await dataset.transitions();
  const behaviour = await cloneOf(context, parts, options);
  const values = await fittedValues({
    engine,
    transitions,
    policy: behaviour,
    options: fqeOptions.parse({ updates: options.valueUpdates }),
    discount: discountOf(parts),
    seed: seedOf(random, "values"),
    random: random.stream("values"),
    signal: run.signal,
  });
  try {
    const model = { engine, dynamics, tensors: dynamicsTensors, random: random.stream("rows") };
    const { std } = columnMoments(transitions.observations, transitions.observation);
    const spread = std.map((each) => each + OFFSET);
    const rows = measuredRows(held, someRows(held.count, ROWS, seedOf(random, "rows")));
    const penalty = penaltyOf(context, parts);
    return await measureRows({ model, termination, penalty, values, samples: SAMPLES, spread }, rows);
  } finally {
    await values.dispose();
    await behaviour.close();
  }
}

/** The policy that logged the data, cloned in the optimiser's own form. */
async function cloneOf(context: FitContext, parts: PenalisedParts, options: Options) {
  const { valueUpdates: updates, batchSize, logEvery, checkpointEvery } = options;
  const imitation = { updates, batchSize, logEvery, checkpointEvery, learningRate: CLONING_RATE };
  const { tensors } = await imitate(context, parts.optimiser, imitation);
  const { observation, action } = await context.dataset.info();
  return hostPolicy(parts.optimiser.policy, { dimensions: { observation, action }, engine: context.engine, tensors });
}

/** From every other held-out episode the Lipschitz constant, from all of them the coefficient. */
function factsOf(
  measured: MeasuredPenalty,
  discount: number,
  { calibrationLevel: level }: Options,
): { readonly [key: string]: Json } {
  const { rows, sampled, u, values } = measured;
  const { constant: lipschitz, within } = estimateLipschitz(measured, CHECK);
  const largestValue = values.came.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const error = rowErrors(rows, sampled, { discount, lipschitz, largestValue });
  const episodes = rowsByGroup(rows.episode, Array.from(rows.episode.keys()));
  const coefficient = coveringCoefficient({ u, error, episodes }, level);
  const known = Number.isFinite(coefficient);
  return {
    coefficient: known ? coefficient : null,
    reason: known ? null : `no coefficient covers ${level} of the errors on ${episodes.length} held-out episodes`,
    level,
    lipschitz,
    lipschitzHolds: within?.share ?? null,
    heldOutEpisodes: episodes.length,
    heldOutRows: rows.count,
    meanError: mean(error),
    meanPenalty: mean(u),
  };
}

const mean = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;
