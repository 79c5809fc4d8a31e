import type { DatasetInfo } from "../contracts/dataset.js";
import { ConfigError } from "../errors.js";

/** Of a bound: what float32 may make of it. */
const TOLERANCE = 1e-6;

/** Refuse bounds that no policy has: policies act in [-m, m]. @throws ConfigError */
export function checkActionBounds({ actionBounds = [] }: DatasetInfo): void {
  for (const [entry, { low, high }] of actionBounds.entries()) {
    if (Math.abs(low + high) <= TOLERANCE * Math.abs(high)) continue;
    throw new ConfigError(`entry ${entry} of the log's actions lies between ${low} and ${high}`, {
      where: "dataset.actionLow",
      expected: "bounds as far down as up, which are those that a policy's actions have",
      remedy:
        "scale the log's actions to [-1, 1], leave actionLow and actionHigh out, and scale the policy's answers back",
    });
  }
}
