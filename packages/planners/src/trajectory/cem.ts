import { defineComponent, Planner, type SequenceEvaluator } from "@lowerbound/core";
import { z } from "zod";
import { clipActions } from "../box.js";
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
import { truncatedNormal } from "./noise.js";
import { conclude, type Found, planByRounds, runRounds, type Watch } from "./rounds.js";
import { shiftedPlan } from "./warm-start.js";

const config = z.object({
  horizon: horizonOption(30),
  iterations: iterationsOption(5),
  population: populationOption(500),
  eliteRatio: eliteRatioOption(0.1),
  momentum: momentumOption(0.1),
  samples: z
    .enum(["truncated", "clipped"])
    .default("truncated")
    .describe(
      "normal noise truncated at two standard deviations, which are kept within reach of the box, so that actions of the " +
        "plan before that lie at its edge stay there; or untruncated noise around the mean, starting with a standard " +
        "deviation of 1, clipped to the box: choose it where what pays changes between plans",
    ),
  solution: solutionOption("best"),
  pessimism: scorePessimism,
});

export type CemOptions = Omit<z.output<typeof config>, "pessimism">;

/** Planner `cem`. */
export const cem = defineComponent({
  kind: Planner,
  type: "cem",
  summary: "the cross-entropy method: a normal distribution of action sequences, refitted to its best samples",
  documentation:
    "Elites are the best ceil(population eliteRatio); mean and dispersion of the next round are theirs, mixed with the " +
    "old ones. Starts around the rest of the plan before. Takes probabilities into account through the model's scores. " +
    "Source: Botev et al. 2013; PETS (Chua et al. 2018), appendix A.1; both sampling variants are those of mbrl-lib, " +
    "which returns the last mean where this returns the best sequence unless told otherwise.",
  config,
  create: ({ pessimism, ...options }): Planner => ({
    seam: "sequences",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, options.horizon);
      const start = shiftedPlan(request, evaluator, options.horizon);
      const draw = cemNoise(options, (size) => new Float32Array(size * start.length), request.random);
      return planByRounds(request, evaluator, (watch) => crossEntropy(evaluator, start, options, draw, watch));
    },
  }),
});

/** Noise of a round: standard normal numbers [population, horizon, action], truncated at +-2 or not. */
export type DrawCem = (round: number) => Float32Array;

const cemNoise = (
  { samples, population }: CemOptions,
  empty: (population: number) => Float32Array,
  random: Parameters<typeof truncatedNormal>[0],
): DrawCem => {
  return () =>
    samples === "truncated" ? truncatedNormal(random, empty(population)) : random.normal(empty(population));
};

/**
 * Maximise an evaluator's score from a start mean [horizon, action], with the noise given.
 *
 * @throws NumericalError when no score of a round is finite
 */
export async function crossEntropy(
  evaluator: SequenceEvaluator,
  start: Float64Array,
  options: CemOptions,
  draw: DrawCem,
  watch: Watch = {},
): Promise<Found> {
  const { horizon, iterations, population, solution } = options;
  const elites = Math.ceil(population * options.eliteRatio);
  let present = startDistribution(evaluator, start, options);
  const run = {
    horizon,
    iterations,
    sample: (round: number) => sample(present, draw(round), evaluator, options.samples),
    learn: (sequences: Float32Array, scores: Float32Array) => {
      const best = takeSequences(sequences, start.length, bestFirst(scores, elites));
      present = blend(present, refit(best, start.length, options.samples), options.momentum);
      return present;
    },
  };
  const { incumbent, ...effort } = await runRounds(evaluator, run, watch);
  const mean = solution === "mean" ? present.mean : undefined;
  return { ...(await conclude(evaluator, incumbent, { mean, horizon })), ...effort };
}

/** Dispersion is a variance with truncated samples, a standard deviation with clipped ones. */
const startDistribution = (
  evaluator: SequenceEvaluator,
  mean: Float64Array,
  { samples, horizon }: CemOptions,
): SequenceDistribution => ({
  mean,
  dispersion: samples === "clipped" ? new Float64Array(mean.length).fill(1) : boxVariance(evaluator, horizon),
});

function refit(elites: Float32Array, length: number, samples: CemOptions["samples"]): SequenceDistribution {
  const { mean, dispersion } = momentsOf(elites, length, 1);
  return { mean, dispersion: samples === "clipped" ? dispersion.map(Math.sqrt) : dispersion };
}

function sample(
  { mean, dispersion }: SequenceDistribution,
  noise: Float32Array,
  box: SequenceEvaluator,
  samples: CemOptions["samples"],
): Float32Array {
  const { length } = mean;
  const spread = samples === "clipped" ? dispersion : withinReach(mean, dispersion, box);
  const drawn = noise.map((z, i) => mean[i % length]! + spread[i % length]! * z);
  return samples === "clipped" ? clipActions(drawn, box) : drawn;
}

/** Standard deviations so small that two of them stay inside the box. */
const withinReach = (mean: Float64Array, variance: Float64Array, { actionSize, low, high }: SequenceEvaluator) =>
  mean.map((centre, i) => {
    const a = i % actionSize;
    return Math.sqrt(Math.min(variance[i]!, ((centre - low[a]!) / 2) ** 2, ((high[a]! - centre) / 2) ** 2));
  });
