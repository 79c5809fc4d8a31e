import { z } from "zod";
import type { OpenPlanningOptions } from "./open-planning.js";

const Part = z.looseObject({ type: z.string() });
const Own = z.looseObject({
  algorithm: z
    .looseObject({
      type: z.string(),
      penaltyCoefficient: z.unknown().optional(),
      maximumAction: z.number().optional(),
      planner: Part.optional(),
      model: Part.optional(),
    })
    .optional(),
  penalty: Part.optional(),
  optimiser: z.looseObject({ maximumAction: z.number().optional() }).optional(),
});

/**
 * What a run plans with unless flags say otherwise: its own planner and model where its algorithm is planning, else CEM
 * in its dynamics, within the box that its policy acts in, with its penalty at the weight that it trained with.
 */
export function planningDefaults(
  config: Readonly<Record<string, unknown>>,
  { planner, model }: Pick<OpenPlanningOptions, "planner" | "model">,
): Readonly<Record<string, unknown>> {
  const { algorithm, penalty, optimiser } = Own.parse(config);
  const own = algorithm?.type === "planning" ? algorithm : undefined;
  const weight = algorithm?.penaltyCoefficient;
  const penaltyCoefficient = penalty === undefined ? 0 : typeof weight === "number" ? weight : 1;
  const box = algorithm?.maximumAction ?? optimiser?.maximumAction ?? UNIT;
  return {
    ...(own ?? { type: "planning" }),
    planner: chosen(own?.planner ?? { type: "cem" }, planner),
    model: chosen(own?.model ?? { type: "dynamics", penaltyCoefficient, ...within(box) }, model),
  };
}

/** The part itself, or one of another type with its defaults. */
const chosen = (own: { readonly type: string }, type: string | undefined): { readonly type: string } =>
  type === undefined || type === own.type ? own : { type };

/** Half-width of the box that models and priors have by themselves. */
const UNIT = 1;

/** Options of a model in the dynamics, and of its prior, for another box. */
const within = (maximumAction: number): object =>
  maximumAction === UNIT
    ? {}
    : { maximumAction, prior: { type: "behaviour-cloning", policy: "gaussian", maximumAction } };
