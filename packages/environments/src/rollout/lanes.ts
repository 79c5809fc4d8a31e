import type { Environment, StepResult } from "@lowerbound/core";

/** One step of several environments: observations [lanes, observation], all else [lanes]. */
export interface LaneSteps {
  readonly observations: Float64Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
}

/** Begin an episode in each environment; observations [lanes, observation]. */
export function resetLanes(environments: readonly Environment[], seeds: readonly number[]): Float64Array {
  return joinRows(environments.map((environment, i) => environment.reset(seeds[i]!)));
}

/** Step each environment with its row of actions [lanes, action]. */
export function stepLanes(environments: readonly Environment[], actions: Float32Array): LaneSteps {
  const width = actions.length / environments.length;
  const results = environments.map((environment, i) => environment.step(actions.slice(i * width, (i + 1) * width)));
  return {
    observations: joinRows(results.map(({ observation }) => observation)),
    rewards: Float64Array.from(results, ({ reward }) => reward),
    terminated: flags(results, "terminated"),
    truncated: flags(results, "truncated"),
  };
}

export function joinRows(rows: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(rows.reduce((size, row) => size + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    joined.set(row, offset);
    offset += row.length;
  }
  return joined;
}

function flags(results: readonly StepResult[], key: "terminated" | "truncated"): Uint8Array {
  return Uint8Array.from(results, (result) => (result[key] ? 1 : 0));
}
