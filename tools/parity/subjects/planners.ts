import type { Plan, PlanRequest, SequenceEvaluator } from "@lowerbound/core";
import {
  crossEntropy,
  type DrawIcem,
  type Found,
  icemStart,
  improvedCrossEntropy,
  mppiStart,
  pathIntegral,
  type Round,
  shiftedPlan,
  type Watch,
} from "@lowerbound/planners";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { floats, integers } from "./compute.js";

const common = {
  horizon: z.int(),
  action_size: z.int(),
  lower_bound: z.array(z.number()),
  upper_bound: z.array(z.number()),
  iterations: z.int(),
  population: z.int(),
  calls: z.int(),
  replan_every: z.int(),
};
const crossEntropyShape = {
  ...common,
  elite_ratio: z.number(),
  momentum_alpha: z.number(),
  return_mean: z.boolean(),
};
const schema = z.discriminatedUnion("optimiser", [
  z.looseObject({ optimiser: z.literal("CEM"), ...crossEntropyShape, clipped_normal: z.boolean() }),
  z.looseObject({
    optimiser: z.literal("ICEM"),
    ...crossEntropyShape,
    population_decay: z.number(),
    noise_exponent: z.number(),
    keep_elite_fraction: z.number(),
    population_multiple: z.int().nullable(),
  }),
  z.looseObject({ optimiser: z.literal("MPPI"), ...common, gamma: z.number(), sigma: z.number(), beta: z.number() }),
]);
type Parameters = z.output<typeof schema>;
type Of<Optimiser> = Extract<Parameters, { optimiser: Optimiser }>;

type Results = Record<string, ArrayLike<number>>;

/** Trajectory optimisers on a quadratic objective with all draws given, call after call. */
export async function plannersSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const parameters = schema.parse(fixture.hyperparameters);
  const evaluator = quadratic(fixture, parameters);
  const results: Results = {};
  let request: Job["request"] = {};
  for (let call = 0; call < parameters.calls; call++) {
    const rounds: Round[] = [];
    const watch: Watch = { observe: (round) => rounds.push(round) };
    const found = await optimise({ fixture, evaluator, request, name: `call${call}`, watch }, parameters);
    record(results, `out.call${call}`, rounds, found);
    results[`out.call${call}.start`] = shiftedPlan(request, evaluator, parameters.horizon);
    request = { warmStart: { plan: planOf(found, parameters), elapsed: parameters.replan_every } };
  }
  return checkAll(fixture, results);
}

interface Job {
  readonly fixture: Fixture;
  readonly evaluator: SequenceEvaluator;
  /** With the plan of the call before. */
  readonly request: Pick<PlanRequest, "warmStart">;
  readonly name: string;
  readonly watch: Watch;
}

type Outcome = Found & { readonly elites?: Float32Array | undefined };

function optimise(job: Job, parameters: Parameters): Promise<Outcome> {
  if (parameters.optimiser === "CEM") return runCem(job, parameters);
  return parameters.optimiser === "ICEM" ? runIcem(job, parameters) : runMppi(job, parameters);
}

function runCem({ fixture, evaluator, request, name, watch }: Job, parameters: Of<"CEM">): Promise<Outcome> {
  const samples = parameters.clipped_normal ? "clipped" : "truncated";
  const noise = parameters.clipped_normal ? "normal" : "truncated";
  const options = { ...refitting(parameters), samples } as const;
  const draw = (round: number) => floats(fixture, `noise.${name}.iter${round}.${noise}`);
  return crossEntropy(evaluator, shiftedPlan(request, evaluator, options.horizon), options, draw, watch);
}

function runIcem({ fixture, evaluator, request, name, watch }: Job, parameters: Of<"ICEM">): Promise<Outcome> {
  const at = (round: number, what: string) => `noise.${name}.iter${round}.${what}`;
  const draw: DrawIcem = {
    spectrum: (round) => ({
      real: floats(fixture, at(round, "real")),
      imaginary: floats(fixture, at(round, "imaginary")),
    }),
    permutation: (round) => integers(fixture, at(round, "kept")),
    end: (round) => floats(fixture, at(round, "end")),
  };
  const options = {
    ...refitting(parameters),
    populationDecay: parameters.population_decay,
    populationMultiple: parameters.population_multiple ?? undefined,
    noiseExponent: parameters.noise_exponent,
    keepEliteFraction: parameters.keep_elite_fraction,
  };
  return improvedCrossEntropy(evaluator, icemStart(request, evaluator, options), options, draw, watch);
}

/** The public code's variants: noise as it is drawn, and the first step after the shift as the past action. */
function runMppi({ fixture, evaluator, request, name, watch }: Job, parameters: Of<"MPPI">): Promise<Outcome> {
  const { horizon, iterations, population, gamma, sigma, beta } = parameters;
  const options = {
    horizon,
    iterations,
    population,
    gamma,
    sigma,
    beta,
    noise: "unit",
    pastAction: "planned",
  } as const;
  const draw = (round: number) => floats(fixture, `noise.${name}.iter${round}.truncated`);
  return pathIntegral(evaluator, mppiStart(request, evaluator, options), options, draw, watch);
}

const refitting = (parameters: Of<"CEM" | "ICEM">) => ({
  horizon: parameters.horizon,
  iterations: parameters.iterations,
  population: parameters.population,
  eliteRatio: parameters.elite_ratio,
  momentum: parameters.momentum_alpha,
  solution: parameters.return_mean ? ("mean" as const) : ("best" as const),
});

/** Minus weight times squared distance from the centre, less smooth times squared changes between steps. */
function quadratic(fixture: Fixture, { action_size, lower_bound, upper_bound }: Parameters): SequenceEvaluator {
  const [centre, weight] = [floats(fixture, "in.centre"), floats(fixture, "in.weight")];
  const [smooth = 0] = floats(fixture, "in.smooth");
  const score = (sequence: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < sequence.length; i++) {
      sum -= weight[i % action_size]! * (sequence[i]! - centre[i]!) ** 2;
      if (i >= action_size) sum -= smooth * (sequence[i]! - sequence[i - action_size]!) ** 2;
    }
    return sum;
  };
  return {
    actionSize: action_size,
    low: Float32Array.from(lower_bound),
    high: Float32Array.from(upper_bound),
    pessimism: "none",
    evaluate: async (sequences, population) => {
      const length = sequences.length / population;
      return Float32Array.from({ length: population }, (_, i) =>
        score(sequences.subarray(i * length, (i + 1) * length)),
      );
    },
  };
}

const planOf = (
  { sequence, score, rounds, evaluations, elites }: Outcome,
  { horizon, action_size }: Parameters,
): Plan => ({
  actions: { rows: horizon, columns: action_size, data: sequence },
  score,
  pessimism: "none",
  effort: { rounds, evaluations },
  memory: { elites },
});

function record(results: Results, prefix: string, rounds: readonly Round[], { sequence }: Found): void {
  rounds.forEach(({ population, scores }, round) => {
    results[`${prefix}.iter${round}.population`] = population;
    results[`${prefix}.iter${round}.values`] = scores;
  });
  results[`${prefix}.mean`] = rounds.flatMap(({ mean }) => [...(mean ?? [])]);
  const dispersion = rounds.flatMap((round) => [...(round.dispersion ?? [])]);
  if (dispersion.length > 0) results[`${prefix}.dispersion`] = dispersion;
  results[`${prefix}.solution`] = sequence;
}
