import { z } from "zod";
import type { OpenPlanningOptions } from "./open-planning.js";

const Part = z.looseObject({ type: z.string() });
const Own = z.looseObject({
  algorithm: z
    .looseObject({
      type: z.string(),
      penaltyCoefficient: z.unknown().optional(),
      planner: Part.optional(),
      model: Part.optional(),
    })
    .optional(),
  penalty: Part.optional(),
});

/**
 * What a run plans with unless flags say otherwise: its own planner and model where its algorithm is planning, else CEM
 * in its dynamics with its penalty at the weight that it trained with.
 */
export function planningDefaults(
  config: Readonly<Record<string, unknown>>,
  { planner, model }: Pick<OpenPlanningOptions, "planner" | "model">,
): Readonly<Record<string, unknown>> {
  const { algorithm, penalty } = Own.parse(config);
  const own = algorithm?.type === "planning" ? algorithm : undefined;
  const weight = algorithm?.penaltyCoefficient;
  const penaltyCoefficient = penalty === undefined ? 0 : typeof weight === "number" ? weight : 1;
  return {
    ...(own ?? { type: "planning" }),
    planner: chosen(own?.planner ?? { type: "cem" }, planner),
    model: chosen(own?.model ?? { type: "dynamics", penaltyCoefficient }, model),
  };
}

/** The part itself, or one of another type with its defaults. */
const chosen = (own: { readonly type: string }, type: string | undefined): { readonly type: string } =>
  type === undefined || type === own.type ? own : { type };
