import { defineComponent, type Plan, Planner, type PlanRequest } from "@lowerbound/core";
import { z } from "zod";
import { horizonOption, logProbabilityShape, searchPessimism } from "../options.js";
import { proposalsOf, startClock } from "../request.js";
import { remainingActions } from "../trajectory/warm-start.js";
import { type BeamSearchOptions, type BeamStep, beamSearch } from "./beam-search.js";
import { type Beam, stepsOf } from "./beams.js";
import { planOfSteps } from "./plan-of-steps.js";

const count = z.int().positive();

const config = z.object({
  horizon: horizonOption(15),
  beamWidth: count.default(128).describe("sequences kept at each step"),
  samples: count.default(2).describe("continuations sampled of each sequence"),
  discount: z.number().gt(0).max(1).default(0.99).describe("of rewards, and of the value of what follows"),
  pessimism: searchPessimism,
  ...logProbabilityShape,
});

/** A plan's kept sequences, for figures: at each depth, each one's parent among those kept before, action and score. */
export interface BeamTrace {
  readonly kind: "beams";
  readonly depths: readonly {
    readonly parents: readonly number[];
    readonly actions: readonly (readonly number[])[];
    readonly scores: readonly number[];
  }[];
}

/** Planner `beam-search`. */
export const beamSearchPlanner = defineComponent({
  kind: Planner,
  type: "beam-search",
  summary: "keeps the sequences of highest reward and value among continuations sampled from P_beta",
  documentation:
    "Score after step t: sum of discount^i reward_i to t, and discount^(t + 1) times the model's value of what follows; " +
    "what log-probabilities add is discounted as rewards are. " +
    "The rest of the plan before is followed to its end beside what is sampled, scored alike. " +
    "Takes probabilities into account by sampling; log-probability adds a bonus or a floor, penalty plans on the model's " +
    "lowered rewards, none continues with actions drawn evenly. Source: Trajectory Transformer (Janner et al. 2021), " +
    "section 3.2. Published: width 128 (halfcheetah 32), 2 samples, horizon 15 (halfcheetah 5, walker2d-medium-replay 20).",
  config,
  create: (options): Planner => ({
    seam: "proposals",
    pessimism: options.pessimism,
    discount: options.discount,
    plan: (request) => planBeams(request, options),
  }),
});

async function planBeams(request: PlanRequest, options: z.output<typeof config>): Promise<Plan> {
  const model = proposalsOf(request, options.horizon);
  const pessimism = options.pessimism === "model" ? model.pessimism : options.pessimism;
  const settings: BeamSearchOptions = { ...options, pessimism };
  const start = { before: restOf(request), expired: startClock(request.budgetMilliseconds) };
  const { beams, steps, evaluations } = await beamSearch(model, request.state, settings, request.random, start);
  const best = beams[0]!;
  return {
    ...planOfSteps(stepsOf(best), model.actionSize),
    score: best.score,
    pessimism,
    effort: { rounds: steps.length, evaluations },
    trace: traceOf(steps),
  };
}

const restOf = ({ warmStart }: PlanRequest): Float32Array | undefined =>
  warmStart === undefined ? undefined : remainingActions(warmStart.plan, warmStart.elapsed);

function traceOf(steps: readonly BeamStep[]): BeamTrace {
  let before: readonly (Beam | undefined)[] = [undefined];
  const depths = steps.map(({ candidates, kept }) => {
    const beams = kept.map((index) => candidates[index]!);
    const parents = beams.map((beam) => Math.max(before.indexOf(beam.parent), before.indexOf(beam)));
    before = beams;
    return {
      parents,
      actions: beams.map(({ proposal }) => [...proposal.action]),
      scores: beams.map(({ score }) => score),
    };
  });
  return { kind: "beams", depths };
}
