import { defineComponent, Planner, type PlanRequest, type SequenceEvaluator } from "@lowerbound/core";
import { z } from "zod";
import { clipActions } from "../box.js";
import { horizonOption, iterationsOption, populationOption, scorePessimism } from "../options.js";
import { sequencesOf } from "../request.js";
import { bestFirst } from "../scores.js";
import { truncatedNormal } from "./noise.js";
import { conclude, type Found, planByRounds, runRounds, type Watch } from "./rounds.js";
import { shiftedPlan } from "./warm-start.js";

const positive = z.number().positive();

const config = z.object({
  horizon: horizonOption(30),
  iterations: iterationsOption(5),
  population: populationOption(350),
  gamma: positive.default(0.9).describe("inverse temperature: weights are exp(gamma score)"),
  sigma: positive.default(1).describe("standard deviation of the noise, in half-widths of the box"),
  beta: z.number().gt(0).max(1).default(0.9).describe("share of the new action in the smoothed one; 1: no smoothing"),
  noise: z
    .enum(["scaled", "unit"])
    .default("scaled")
    .describe("noise by sigma and the box, or as it is drawn, as a public library has it, where sigma has no effect"),
  pastAction: z
    .enum(["executed", "planned"])
    .default("executed")
    .describe(
      "what the first action is smoothed towards: the last one carried out, or, as a public library has it, the first " +
        "one of the shifted mean",
    ),
  pessimism: scorePessimism,
});

export type MppiOptions = Omit<z.output<typeof config>, "pessimism">;

/** Planner `mppi`. */
export const mppi = defineComponent({
  kind: Planner,
  type: "mppi",
  summary: "model-predictive path integral control: the mean of smoothed samples, weighted by exp(gamma score)",
  documentation:
    "The plan is the last mean, which the next call starts from, shifted, its last step repeated. Takes probabilities " +
    "into account through the model's scores. Source: Williams et al. 2017; Nagabandi et al. 2020 (PDDM), section 3.4. " +
    "mbrl-lib's noise, without sigma, and its past action are the variants `noise: unit` and `pastAction: planned`.",
  config,
  create: ({ pessimism, ...options }): Planner => ({
    seam: "sequences",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, options.horizon);
      const start = mppiStart(request, evaluator, options);
      const draw = () => truncatedNormal(request.random, new Float32Array(options.population * start.mean.length));
      return planByRounds(request, evaluator, (watch) => pathIntegral(evaluator, start, options, draw, watch));
    },
  }),
});

/** Where a call starts: the shifted mean [horizon, action], and the past action [action]. */
export interface MppiStart {
  readonly mean: Float64Array;
  readonly past: ArrayLike<number>;
}

/** What an earlier plan leaves to start from, its last step repeated; the middle of the box where there is none. */
export function mppiStart(
  request: Pick<PlanRequest, "warmStart">,
  evaluator: SequenceEvaluator,
  options: MppiOptions,
): MppiStart {
  const mean = shiftedPlan(request, evaluator, options.horizon, "last");
  return { mean, past: pastOf(request, mean, evaluator, options) };
}

function pastOf(
  { warmStart }: Pick<PlanRequest, "warmStart">,
  mean: Float64Array,
  { actionSize }: SequenceEvaluator,
  { pastAction }: MppiOptions,
): ArrayLike<number> {
  if (pastAction === "planned" || warmStart === undefined) return mean.slice(0, actionSize);
  const { plan, elapsed } = warmStart;
  const row = Math.min(Math.max(elapsed, 1), plan.actions.rows) - 1;
  return plan.actions.data.slice(row * actionSize, (row + 1) * actionSize);
}

/**
 * Maximise an evaluator's score with the noise given: standard normal numbers truncated at +-2 [population, horizon,
 * action] a round.
 *
 * @throws NumericalError when no score of a round is finite
 */
export async function pathIntegral(
  evaluator: SequenceEvaluator,
  start: MppiStart,
  options: MppiOptions,
  draw: (round: number) => Float32Array,
  watch: Watch = {},
): Promise<Found> {
  const { horizon, iterations, gamma } = options;
  let { mean } = start;
  const run = {
    horizon,
    iterations,
    sample: (round: number) => smoothed(mean, start.past, draw(round), evaluator, options),
    learn: (sequences: Float32Array, scores: Float32Array) => {
      mean = weightedMean(sequences, scores, mean.length, gamma);
      return { mean };
    },
  };
  const { incumbent, ...effort } = await runRounds(evaluator, run, watch);
  return { ...(await conclude(evaluator, incumbent, { mean, horizon })), ...effort };
}

/** Each step beta (mean + noise) + (1 - beta) times the step before; clipped to the box afterwards. */
function smoothed(
  mean: Float64Array,
  past: ArrayLike<number>,
  noise: Float32Array,
  box: SequenceEvaluator,
  { beta, sigma, noise: kind }: MppiOptions,
): Float32Array {
  const { actionSize, low, high } = box;
  const { length } = mean;
  const samples = new Float64Array(noise.length);
  for (let i = 0; i < noise.length; i++) {
    const a = i % actionSize;
    const scale = kind === "unit" ? 1 : (sigma * (high[a]! - low[a]!)) / 2;
    const before = i % length < actionSize ? past[a]! : samples[i - actionSize]!;
    samples[i] = beta * (mean[i % length]! + scale * noise[i]!) + (1 - beta) * before;
  }
  return clipActions(Float32Array.from(samples), box);
}

/** Mean of sequences weighted by exp(gamma (score - best score)); a non-finite score has no weight. */
function weightedMean(sequences: Float32Array, scores: Float32Array, length: number, gamma: number): Float64Array {
  const counted = bestFirst(scores, scores.length);
  const best = scores[counted[0]!]!;
  const weights = counted.map((index) => Math.exp(gamma * (scores[index]! - best)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(length);
  counted.forEach((index, i) => {
    const share = weights[i]! / total;
    for (let j = 0; j < length; j++) mean[j]! += share * sequences[index * length + j]!;
  });
  return mean;
}
