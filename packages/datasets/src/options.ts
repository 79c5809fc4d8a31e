import { ConfigError } from "@lowerbound/core";
import { z } from "zod";
import type { Bounds } from "./rows.js";

export const boundsOptions = {
  actionLow: z.number().default(-1).describe("lower bound of every action entry; values below it are an error"),
  actionHigh: z.number().default(1).describe("upper bound of every action entry; values above it are an error"),
};

export function boundsOf({ actionLow, actionHigh }: { actionLow: number; actionHigh: number }): Bounds {
  if (!(actionLow < actionHigh)) {
    throw new ConfigError(`actionLow ${actionLow} is not below actionHigh ${actionHigh}`, {
      where: "dataset.actionLow",
      expected: "a lower bound below the upper one",
      remedy: "set the bounds of the environment's action space",
    });
  }
  return { low: actionLow, high: actionHigh };
}
