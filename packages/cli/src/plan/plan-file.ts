import { z } from "zod";

const count = z.int().nonnegative();
const numbers = z.array(z.number()).readonly();

/** Beams kept at each depth: parents among those kept before, actions, scores. */
const beams = z.object({
  kind: z.literal("beams"),
  depths: z.array(z.object({ parents: z.array(z.int()), actions: z.array(numbers), scores: numbers })),
});
/** A search tree: nodes in the order they were made, the root first. */
const tree = z.object({
  kind: z.literal("tree"),
  nodes: z.array(z.object({ parent: z.int(), action: numbers, visits: count, mean: z.number() })),
});
/** A trajectory optimiser's rounds, and the best sequences of the last. */
const rounds = z.object({
  kind: z.literal("rounds"),
  rounds: z.array(
    z.object({
      low: z.number().optional(),
      median: z.number().optional(),
      high: z.number().optional(),
      lost: count,
    }),
  ),
  samples: z.array(z.object({ score: z.number(), actions: z.array(numbers) })),
});

/** What a planner kept of its candidates; planners of plug-ins may leave something else, which is passed over. */
export const traceSchema = z.discriminatedUnion("kind", [beams, tree, rounds]);

const keptPlan = z.object({
  /** Of the episode, from 0. */
  step: count,
  score: z.number(),
  actions: z.array(numbers),
  /** Rewards that the model expects of the plan's steps, nothing taken off for uncertainty; null where not finite. */
  predicted: z.array(z.number().nullable()).readonly(),
  /** Rewards that came, in those steps; the planner may have planned anew in between. */
  realised: numbers,
  milliseconds: z.number(),
  rounds: count,
  evaluations: count,
  trace: traceSchema.optional(),
});
export type KeptPlan = z.output<typeof keptPlan>;

const episode = z.object({
  episode: count,
  steps: z.array(
    z.object({
      /** Of this step, when its plan was made. */
      predicted: z.number().nullable(),
      realised: z.number(),
      /** Of the decision, and how many were made in that time; absent in a step that carried on an earlier plan. */
      milliseconds: z.number().optional(),
      together: z.int().positive().optional(),
    }),
  ),
  terminated: z.boolean(),
  truncated: z.boolean(),
  plans: z.array(keptPlan),
});
export type PlannedEpisode = z.output<typeof episode>;

const times = { median: z.number(), p95: z.number() };

const component = z.looseObject({ type: z.string() });

/** `plan.json`: how a planner acted in a run's environment. Times are milliseconds of wall clock, returns undiscounted. */
export const planSchema = z.object({
  version: z.literal(1),
  environment: z.string(),
  planner: component,
  model: component,
  pessimism: z.enum(["samples", "log-probability", "penalty", "none"]),
  replanEvery: z.int().positive(),
  seed: count,
  /** Episodes that were planned for at once, at most. */
  parallel: z.int().positive(),
  /** Of one decision; absent where planners took what they are configured with. */
  budgetMilliseconds: z.number().optional(),
  /** As long as environments waited; `each`: divided by the decisions that were made in that time. */
  decision: z.object({ count, ...times, each: z.object(times) }),
  episodes: z.array(episode),
});
export type PlanReport = z.output<typeof planSchema>;
