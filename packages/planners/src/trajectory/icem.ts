import { defineComponent, Planner, type PlanRequest, type SequenceEvaluator } from "@lowerbound/core";
import { z } from "zod";
import { clipActions } from "../box.js";
import { join } from "../join.js";
import {
  eliteRatioOption,
  horizonOption,
  iterationsOption,
  momentumOption,
  populationOption,
  scorePessimism,
  solutionOption,
} from "../options.js";
import { sequencesOf } from "../request.js";
import { bestFirst } from "../scores.js";
import { blend, boxVariance, momentsOf, type SequenceDistribution, takeSequences } from "./fit.js";
import { eliteCount, keptCount } from "./icem-counts.js";
import { colouredSamples, type DrawIcem, drawIcem, shiftedElites } from "./icem-samples.js";
import { conclude, type Found, planByRounds, runRounds, type Watch } from "./rounds.js";
import { shiftedPlan } from "./warm-start.js";

const config = z.object({
  horizon: horizonOption(30),
  iterations: iterationsOption(4),
  population: populationOption(128),
  populationDecay: z
    .number()
    .min(1)
    .default(1.25)
    .describe("each round scores this many times fewer sequences than the one before, never below twice the elites"),
  populationMultiple: z
    .int()
    .positive()
    .optional()
    .describe("populations and kept elites are rounded up to a multiple of this"),
  noiseExponent: z
    .number()
    .nonnegative()
    .default(2)
    .describe("how fast the noise's spectrum falls along the sequence: 0 is white; higher is smoother"),
  eliteRatio: eliteRatioOption(0.1),
  keepEliteFraction: z.number().min(0).max(1).default(0.3).describe("share of the elites that the next round keeps"),
  momentum: momentumOption(0.1),
  solution: solutionOption("best"),
  pessimism: scorePessimism,
});

export type IcemOptions = Omit<z.output<typeof config>, "pessimism">;

/** Planner `icem`. */
export const icem = defineComponent({
  kind: Planner,
  type: "icem",
  summary: "the improved cross-entropy method: coloured noise, kept elites, a shrinking population",
  documentation:
    "Elites are kept from round to round and, shifted, from call to call; the last round scores the mean, too. Takes " +
    "probabilities into account through the model's scores. Source: iCEM (Pinneri et al. 2020), algorithm 1, as " +
    "mbrl-lib has it; here the freed last step of a shifted elite is put into the box.",
  config,
  create: ({ pessimism, ...options }): Planner => ({
    seam: "sequences",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, options.horizon);
      const start = icemStart(request, evaluator, options);
      const draw = drawIcem(request.random, options, evaluator.actionSize);
      const search = (watch: Watch) => improvedCrossEntropy(evaluator, start, options, draw, watch);
      return planByRounds(request, evaluator, search, ({ elites }) => ({ elites }));
    },
  }),
});

/** Where a call starts: mean [horizon, action], and the elites [elites, horizon, action] of the call before. */
export interface IcemStart {
  readonly mean: Float64Array;
  readonly elites: Float32Array | undefined;
}

/** What an earlier plan leaves to start from; the middle of the box where there is none. */
export const icemStart = (
  request: Pick<PlanRequest, "warmStart">,
  evaluator: SequenceEvaluator,
  options: IcemOptions,
): IcemStart => ({
  mean: shiftedPlan(request, evaluator, options.horizon),
  elites: elitesOf(request, evaluator, options),
});

/** Elites that the plan before left, shifted by the steps carried out before the last; undefined where there are none. */
function elitesOf(
  { warmStart }: Pick<PlanRequest, "warmStart">,
  { actionSize }: SequenceEvaluator,
  { horizon }: IcemOptions,
): Float32Array | undefined {
  const memory = warmStart?.plan.memory;
  if (typeof memory !== "object" || memory === null || !("elites" in memory)) return undefined;
  const { elites } = memory;
  if (!(elites instanceof Float32Array) || elites.length % (horizon * actionSize) !== 0) return undefined;
  const length = horizon * actionSize;
  const shift = Math.min((warmStart?.elapsed ?? 1) - 1, horizon - 1) * actionSize;
  if (shift <= 0) return elites;
  const shifted = elites.slice();
  for (let at = 0; at < elites.length; at += length) shifted.copyWithin(at, at + shift, at + length);
  return shifted;
}

/**
 * Maximise an evaluator's score from a start, with the random numbers given.
 *
 * @throws NumericalError when no score of a round is finite
 */
export async function improvedCrossEntropy(
  evaluator: SequenceEvaluator,
  start: IcemStart,
  options: IcemOptions,
  draw: DrawIcem,
  watch: Watch = {},
): Promise<Found & { readonly elites: Float32Array | undefined }> {
  const { horizon, iterations, solution } = options;
  const { length } = start.mean;
  let present: SequenceDistribution = { mean: start.mean, dispersion: boxVariance(evaluator, horizon) };
  let { elites } = start;
  const run = {
    horizon,
    iterations,
    sample: (round: number) =>
      join([
        colouredSamples(draw, round, present, evaluator, options),
        joining(draw, round, elites, present, evaluator, options),
      ]),
    learn: (sequences: Float32Array, scores: Float32Array) => {
      elites = takeSequences(sequences, length, bestFirst(scores, eliteCount(options)));
      present = blend(present, momentsOf(elites, length, 0), options.momentum);
      return present;
    },
  };
  const { incumbent, ...effort } = await runRounds(evaluator, run, watch);
  const mean = solution === "mean" ? present.mean : undefined;
  return { ...(await conclude(evaluator, incumbent, { mean, horizon })), ...effort, elites };
}

/** What joins a round's samples once elites exist: kept ones, in the first round shifted; in the last one the mean. */
function joining(
  draw: DrawIcem,
  round: number,
  elites: Float32Array | undefined,
  present: SequenceDistribution,
  evaluator: SequenceEvaluator,
  options: IcemOptions,
): Float32Array {
  const { length } = present.mean;
  if (elites === undefined) return new Float32Array(0);
  if (round > 0 && round === options.iterations - 1) return clipActions(Float32Array.from(present.mean), evaluator);
  const count = Math.min(keptCount(options), elites.length / length);
  const picks = [...draw.permutation(round, elites.length / length)].slice(0, count);
  const kept = takeSequences(elites, length, picks);
  return round === 0 ? shiftedElites(kept, draw.end(round, count), present, evaluator) : kept;
}
