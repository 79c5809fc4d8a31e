import { ConfigError } from "@lowerbound/core";
import { readResult } from "@lowerbound/runs";
import { z } from "zod";
import { isRecord } from "../config/flag-tokens.js";
import type { Setting } from "../options/settings.js";

const Result = z.looseObject({ trained: z.looseObject({ penaltyCoefficient: z.number() }) });

/**
 * A run's configuration with the penalty coefficient that it chose in the place of `auto`.
 *
 * @throws ConfigError where it has not chosen yet, and no setting such as `model.penaltyCoefficient=1` says another
 */
export async function withChosenWeight(
  directory: string,
  config: Readonly<Record<string, unknown>>,
  settings: readonly Setting[],
): Promise<Readonly<Record<string, unknown>>> {
  const { algorithm } = config;
  if (settings.some(({ path }) => path === "model.penaltyCoefficient")) return config;
  if (!isRecord(algorithm) || algorithm.penaltyCoefficient !== "auto") return config;
  const { success, data } = Result.safeParse(await readResult(directory));
  if (success) return { ...config, algorithm: { ...algorithm, penaltyCoefficient: data.trained.penaltyCoefficient } };
  throw new ConfigError("the run has not chosen its penalty coefficient yet", {
    where: directory,
    expected: "a finished training (with result.json)",
    remedy: `go on with it: lowerbound train --resume ${directory}, or name a weight: --set model.penaltyCoefficient=1`,
  });
}
