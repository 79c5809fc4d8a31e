import { z } from "zod";

const numbers = z.array(z.number()).readonly();

const trace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("beams"), depths: z.array(z.object({ parents: numbers, scores: numbers })).readonly() }),
  z.object({
    kind: z.literal("tree"),
    nodes: z.array(z.object({ parent: z.number(), visits: z.number(), mean: z.number() })).readonly(),
  }),
  z.object({
    kind: z.literal("rounds"),
    rounds: z
      .array(z.object({ low: z.number().optional(), median: z.number().optional(), high: z.number().optional() }))
      .readonly(),
  }),
]);
export type PlanTrace = z.output<typeof trace>;
export type TraceOf<Kind extends PlanTrace["kind"]> = Extract<PlanTrace, { readonly kind: Kind }>;

/** What a report takes from `plan.json`; everything else in it is passed over. */
export const planSchema = z.object({
  environment: z.string(),
  planner: z.looseObject({ type: z.string() }),
  model: z.looseObject({ type: z.string() }),
  pessimism: z.string(),
  /** Episodes that were planned for at once, at most. */
  parallel: z.number().default(1),
  /** `each`: a decision's share of what was planned together. */
  decision: z.object({
    count: z.number(),
    median: z.number(),
    p95: z.number(),
    each: z.object({ median: z.number() }).optional(),
  }),
  episodes: z
    .array(
      z.object({
        episode: z.number(),
        steps: z
          .array(
            z.object({
              predicted: z.number().nullable(),
              realised: z.number(),
              milliseconds: z.number().optional(),
            }),
          )
          .readonly(),
        terminated: z.boolean(),
        plans: z
          .array(
            z.object({
              step: z.number(),
              predicted: z.array(z.number().nullable()).readonly(),
              realised: numbers,
              trace: trace.optional(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
});
export type Plan = z.output<typeof planSchema>;
