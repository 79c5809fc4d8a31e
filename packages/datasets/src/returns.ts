import type { DatasetInfo } from "@lowerbound/core";
import type { Steps } from "./rows.js";

/** Undiscounted return of each episode. */
export function episodeReturns({ rewards, episodeStarts }: Pick<Steps, "rewards" | "episodeStarts">): Float64Array {
  const returns = new Float64Array(Math.max(0, episodeStarts.length - 1));
  for (let episode = 0; episode < returns.length; episode++) {
    let sum = 0;
    for (let row = episodeStarts[episode]!; row < episodeStarts[episode + 1]!; row++) sum += rewards[row]!;
    returns[episode] = sum;
  }
  return returns;
}

/** Mean, standard deviation (of the population), least and greatest return. */
export function summariseReturns(steps: Pick<Steps, "rewards" | "episodeStarts">): DatasetInfo["returns"] {
  const returns = episodeReturns(steps);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
  const min = returns.reduce((least, value) => Math.min(least, value), Infinity);
  const max = returns.reduce((most, value) => Math.max(most, value), -Infinity);
  return { mean, std: Math.sqrt(variance), min, max };
}
