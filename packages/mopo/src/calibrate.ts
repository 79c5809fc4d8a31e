import { hostPolicy, imitate, rolloutPartsOf } from "@lowerbound/actor-critic";
import {
  type FitContext,
  type Fitted,
  heldOutOf,
  type Json,
  type Policy,
  type Random,
  type Transitions,
} from "@lowerbound/core";
import {
  fittedValues,
  fqeOptions,
  type MeasuredPenalty,
  meanCoefficient,
  measuredRows,
  measureRows,
  rowsByGroup,
  type StateValues,
  sumsToEnd,
  valueErrors,
  wholeEpisodes,
} from "@lowerbound/evaluation";
import { z } from "zod";
import type { MopoOptions } from "./options.js";
import { discountOf, type PenalisedParts, penaltyOf, seedOf } from "./parts.js";

/** The theorem's coefficient, found before any candidate is trained; null with the reason where there is none. */
const calibrationSchema = z.looseObject({
  coefficient: z.number().nullable(),
  /** Largest discounted sum of u that a held-out episode met from its start. */
  reach: z.number().nullable().default(null),
  reason: z.string().nullable(),
});
export type Calibration = z.output<typeof calibrationSchema>;

/** What {@link fitCalibration} left behind. */
export const calibrationOf = ({ facts }: Fitted): Calibration => calibrationSchema.parse(facts);

type Options = Pick<
  MopoOptions,
  "selection" | "calibrationLevel" | "valueUpdates" | "batchSize" | "logEvery" | "checkpointEvery"
>;

/** Held-out rows, at most, of whole episodes, and samples of the model at each. */
const ROWS = 20_000;
const SAMPLES = 8;
/** Resamples of the held-out episodes. */
const REPETITIONS = 1000;
const CLONING_RATE = 1e-3;

/**
 * The fixed coefficient of the comparison: the smallest c with c times the discounted sum of u at least the size of the
 * discounted sum of errors, on average over stretches of held-out episodes, each from a transition to the episode's end,
 * at the confidence `calibrationLevel`; errors in units of return.
 *
 * The error of a step is what the lemma sums up: the reward's, and discounted the difference that the model's next states
 * make to the value. The value is the behaviour's, cloned and evaluated on the data, so that one coefficient stands for
 * all candidates and none of them moves it. Source: MOPO (Yu et al. 2020), lemma 4.1: what a return is wrong by is a sum of
 * errors that have signs, so the sum of u has to cover the size of that sum. The paper goes on to the worst value of a
 * class, at every pair; we do not, since a coefficient of that kind outweighs all that candidates earn
 * (docs/choosing-lambda.md).
 */
export async function fitCalibration(context: FitContext, parts: PenalisedParts, options: Options): Promise<Fitted> {
  const refused = uncalibrated(parts, options);
  if (refused !== undefined) return { tensors: {}, facts: { coefficient: null, reach: null, reason: refused } };
  const held = await heldOutOf(context, "algorithm").transitions();
  const measured = await measureHeldOut(context, parts, { held, options });
  const resampling = {
    discount: discountOf(parts),
    level: options.calibrationLevel,
    random: context.random.stream("level"),
  };
  return { tensors: {}, facts: factsOf(measured, resampling) };
}

/** Why nothing is to be calibrated, and no episode held out, or undefined. */
export function uncalibrated(
  { penalty }: Pick<PenalisedParts, "penalty">,
  { selection }: Pick<Options, "selection">,
): string | undefined {
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
  const { engine, random } = context;
  const { dynamics, dynamicsTensors, termination } = await rolloutPartsOf(context, parts);
  const model = { engine, dynamics, tensors: dynamicsTensors, random: random.stream("rows") };
  const measuring = { model, termination, penalty: penaltyOf(context, parts), samples: SAMPLES };
  const rows = measuredRows(held, wholeEpisodes(held, ROWS, seedOf(random, "rows")));
  const behaviour = await cloneOf(context, parts, options);
  try {
    const values = await valuesOf(context, parts, { behaviour, options });
    return await measureRows({ ...measuring, values }, rows).finally(() => values.dispose());
  } finally {
    await behaviour.close();
  }
}

/** The behaviour's values, fitted to the log. */
async function valuesOf(
  { engine, random, dataset, run }: FitContext,
  parts: PenalisedParts,
  { behaviour, options }: { readonly behaviour: Policy; readonly options: Options },
): Promise<StateValues> {
  return fittedValues({
    engine,
    transitions: await dataset.transitions(),
    policy: behaviour,
    options: fqeOptions.parse({ updates: options.valueUpdates }),
    discount: discountOf(parts),
    seed: seedOf(random, "values"),
    random: random.stream("values"),
    signal: run.signal,
  });
}

/** The policy that logged the data, cloned in the optimiser's own form. */
async function cloneOf(context: FitContext, parts: PenalisedParts, options: Options) {
  const { valueUpdates: updates, batchSize, logEvery, checkpointEvery } = options;
  const imitation = { updates, batchSize, logEvery, checkpointEvery, learningRate: CLONING_RATE };
  const { tensors } = await imitate(context, parts.optimiser, imitation);
  const { observation, action } = await context.dataset.info();
  return hostPolicy(parts.optimiser.policy, { dimensions: { observation, action }, engine: context.engine, tensors });
}

function factsOf(
  measured: MeasuredPenalty,
  { discount, level, random }: { readonly discount: number; readonly level: number; readonly random: Random },
): { readonly [key: string]: Json } {
  const { rows } = measured;
  const u = sumsToEnd(measured.u, rows, discount);
  const error = sumsToEnd(valueErrors(measured, discount), rows, discount).map(Math.abs);
  const episodes = rowsByGroup(rows.episode, Array.from(rows.episode.keys()));
  const resampling = { random, repetitions: REPETITIONS, confidence: level };
  const coefficient = meanCoefficient({ u, error, episodes }, resampling);
  return {
    // Of a u that sums up to less than 0 the coefficient is negative: what it covers would be paid for.
    ...(Number.isFinite(coefficient) && coefficient >= 0
      ? { coefficient, reach: Math.max(...episodes.map(([first]) => u[first!]!)), reason: null }
      : { coefficient: null, reach: null, reason: reasonOf(coefficient, episodes.length) }),
    level,
    heldOutEpisodes: episodes.length,
    heldOutRows: rows.count,
    meanError: mean(error),
    meanPenalty: mean(u),
  };
}

function reasonOf(coefficient: number, episodes: number): string {
  if (Number.isNaN(coefficient))
    return `${episodes} held-out episodes are too few for a coefficient, which asks for two`;
  const why = coefficient < 0 ? "the penalty is negative there" : "the penalty is 0 there, or one of them not finite";
  return `no coefficient covers the errors of ${episodes} held-out episodes: ${why}`;
}

const mean = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;
