import { ConfigError, type Dimensions } from "@lowerbound/core";
import type { SacOptions } from "./options.js";

type Options = Pick<SacOptions, "targetEntropy" | "maximumAction" | "temperature">;

/**
 * The entropy that the temperature aims at: the option's, or |A| (log m - 1) in a box of half-width m, the published -|A|
 * in the box's own unit.
 *
 * Source: SAC (Haarnoja et al. 2018). Deviation: public code takes -|A| in every box, which asks for more spread in a box of
 * half-width 0.1 than fits.
 * @throws ConfigError for an entropy that no policy in the box can reach: the temperature would grow without end
 */
export function targetEntropyOf(
  { action }: Dimensions,
  { targetEntropy, maximumAction, temperature }: Options,
): number {
  const aim = targetEntropy ?? action * (Math.log(maximumAction) - 1);
  const uniform = action * Math.log(2 * maximumAction);
  if (temperature !== "auto" || aim < uniform) return aim;
  throw new ConfigError(`targetEntropy ${aim} is more than any policy has in [-${maximumAction}, ${maximumAction}]`, {
    where: "optimiser.targetEntropy",
    expected: `less than that of uniform actions, ${uniform.toPrecision(4)}, which is |A| log(2 maximumAction)`,
    remedy: "lower targetEntropy, or leave it out, or correct maximumAction",
  });
}
