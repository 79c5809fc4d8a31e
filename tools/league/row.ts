import type { CalibrationReport } from "@lowerbound/evaluation";
import { z } from "zod";
import { returnsShape } from "../experiments/result.js";

const Measured = z.object({
  meanPenalty: z.number(),
  meanError: z.number(),
  coverage: z.number(),
  coverageAtEqualMean: z.number(),
  rankCorrelation: z.number().nullable(),
});

/** What calibration found of a penalty in one place. */
export type Measured = z.output<typeof Measured>;

/** A finished row, as it is kept under docs/results/league. */
export const LeagueRow = z.object({
  name: z.string(),
  dataset: z.string(),
  penalty: z.string(),
  updates: z.number(),
  /** lambda, scaled so that lambda x mean u is the reference's. */
  coefficient: z.number(),
  commands: z.array(z.string()),
  ...returnsShape,
  heldOut: Measured,
  /** Null where calibration refused the penalty on the policy's visits. */
  visits: Measured.nullable(),
  /** Time of a rollout over that without a penalty. */
  cost: z.number(),
});

export type LeagueRow = z.output<typeof LeagueRow>;

/** A penalty's figures in one place. @throws Error with the reason where they were refused */
export function measuredOn(
  { penalties, refused }: Pick<CalibrationReport, "penalties" | "refused">,
  type: string,
  on: "held-out" | "visits",
): Measured {
  const found = penalties.find((each) => each.type === type && each.on === on);
  if (found !== undefined) return Measured.parse(found);
  const reason = refused.find((each) => each.type === type && each.on === on)?.reason;
  throw new Error(`${type} was not measured on ${on}: ${reason ?? "calibration says nothing of it"}`);
}

/** Mean of u after a short run. */
export interface MeanPenalty {
  /** In its rollouts; null for a penalty that lowers Bellman targets, which is 0 there. */
  readonly rollouts: number | null;
  readonly heldOut: number;
}

/**
 * The coefficient under which a penalty costs on average what the reference costs under its own.
 *
 * Means of rollouts are compared, where u is charged, and those of held-out data for a penalty that has none: data on which
 * a penalty of distance or density was fitted itself are too near to it.
 * @throws Error for a penalty that is 0 on average, or no number
 */
export function scaledCoefficient(
  reference: { readonly coefficient: number; readonly mean: MeanPenalty },
  mean: MeanPenalty,
): number {
  const inRollouts = mean.rollouts !== null && reference.mean.rollouts !== null;
  const [own, wanted] = inRollouts ? [mean.rollouts, reference.mean.rollouts] : [mean.heldOut, reference.mean.heldOut];
  const scaled = (reference.coefficient * wanted) / own;
  if (Number.isFinite(scaled) && scaled > 0) return scaled;
  throw new Error(`a penalty of ${own} on average has no coefficient that makes it cost anything`);
}
