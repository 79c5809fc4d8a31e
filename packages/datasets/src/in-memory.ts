import { createHash } from "node:crypto";
import { DataError, type Dataset, type DatasetInfo } from "@lowerbound/core";
import { checkFinite } from "./check-rows.js";
import type { Convention } from "./conventions.js";
import { episodesOf } from "./episodes.js";
import { referenceFor } from "./reference-scores.js";
import { summariseReturns } from "./returns.js";
import { type RowSource, type Steps, startsFromFlags } from "./rows.js";
import { transitionsOfRows } from "./to-transitions.js";

/** Logged rows in memory, one a step: observations [rows, observation], actions [rows, action]. */
export interface LoggedRows {
  readonly name: string;
  readonly environmentId?: string;
  readonly observation: number;
  readonly action: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array | Float64Array;
  readonly terminations: Uint8Array;
  readonly timeouts: Uint8Array;
  /** Left out where they were not logged. */
  readonly nextObservations?: Float32Array;
}

/**
 * A dataset over arrays that are in memory already, which are used, not copied.
 *
 * @throws DataError for lengths that disagree; values are checked when they are read, action bounds are not
 */
export function inMemoryDataset(rows: LoggedRows, convention: Convention = "true-next"): Dataset {
  checkLengths(rows);
  const source = sourceOfRows(rows);
  let transitions: ReturnType<Dataset["transitions"]> | undefined;
  const dataset: Dataset & { openRows(): Promise<RowSource> } = {
    openRows: async () => source,
    info: async () => infoOf(rows, await source.steps(), { source, convention }),
    episodes: () => episodesOf(source),
    transitions: () => {
      transitions ??= transitionsOfRows(source, convention);
      return transitions;
    },
    close: async () => undefined,
  };
  return dataset;
}

function sourceOfRows(rows: LoggedRows): RowSource {
  const { name, environmentId, observation, action, terminations, timeouts, nextObservations } = rows;
  const rewards = Float64Array.from(rows.rewards);
  const steps: Steps = { rewards, terminations, timeouts, episodeStarts: startsFromFlags(terminations, timeouts) };
  const { observations, actions } = rows;
  const all = { start: 0, count: rewards.length, observations, actions, rewards };
  return {
    path: name,
    files: [],
    layout: "memory",
    name,
    ...(environmentId === undefined ? {} : { environmentId }),
    rows: rewards.length,
    observation,
    action,
    hasNextObservations: nextObservations !== undefined,
    keys: {
      observations: "observations",
      actions: "actions",
      rewards: "rewards",
      nextObservations: "nextObservations",
    },
    actionBounds: [],
    steps: async () => steps,
    pieces: async function* () {
      yield nextObservations === undefined ? all : { ...all, nextObservations };
    },
    close: async () => undefined,
  };
}

interface Reading {
  readonly source: RowSource;
  readonly convention: Convention;
}

function infoOf(rows: LoggedRows, steps: Steps, { source, convention }: Reading): DatasetInfo {
  checkFinite(source, "rewards", steps.rewards, 1, 0);
  const { name, environmentId, observation, action } = rows;
  const reference = referenceFor(environmentId ?? name);
  return {
    name,
    layout: "memory",
    ...(environmentId === undefined ? {} : { environmentId }),
    observation,
    action,
    episodes: steps.episodeStarts.length - 1,
    steps: steps.rewards.length,
    ...(reference === undefined ? {} : { reference }),
    returns: summariseReturns(steps),
    fingerprint: fingerprintRows(rows, convention),
  };
}

function fingerprintRows(rows: LoggedRows, convention: Convention): string {
  const { observation, action, observations, actions, rewards, terminations, timeouts, nextObservations } = rows;
  const hash = createHash("sha256").update(
    `${observation} ${action} ${rewards.length} ${nextObservations === undefined} ${convention}`,
  );
  for (const array of [observations, actions, rewards, terminations, timeouts, nextObservations ?? new Uint8Array()]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex");
}

function checkLengths(rows: LoggedRows): void {
  const { observation, action } = rows;
  const count = rows.rewards.length;
  const wanted = {
    observations: count * observation,
    actions: count * action,
    terminations: count,
    timeouts: count,
    nextObservations: count * observation,
  } as const;
  for (const key of ["observations", "actions", "terminations", "timeouts", "nextObservations"] as const) {
    const array = rows[key];
    if (array === undefined || (array.length === wanted[key] && count > 0)) continue;
    throw new DataError(`the array has ${array.length} entries`, {
      where: `${rows.name} ${key}`,
      expected: `${wanted[key]} for ${count} rows, of which there is at least one`,
      remedy: "give all arrays one row a step",
    });
  }
}
