import { z } from "zod";

/** Two bounds of a config; null is none. */
export const rangeOption = z.tuple([z.number().nullable(), z.number().nullable()]);

export const frameSkipOption = (steps: number) =>
  z.int().positive().default(steps).describe("simulation steps to one environment step");

export const timeLimitOption = (steps: number) =>
  z.int().positive().default(steps).describe("steps after which an episode is truncated");

export const weightOption = (weight: number, of: string) => z.number().default(weight).describe(`weight of ${of}`);

export const resetNoiseOption = (scale: number) =>
  z.number().nonnegative().default(scale).describe("size of the noise on the first state");

export const excludePositionsOption = z
  .boolean()
  .default(true)
  .describe("leave the horizontal position out of the observation");
