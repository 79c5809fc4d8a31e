import { basename } from "node:path";
import { ConfigError, DataError } from "@lowerbound/core";
import { floats, narrowed, readFlags } from "../hdf5/read-columns.js";
import { type Hdf5Array, type Hdf5File, openHdf5 } from "../hdf5/read-file.js";
import { type Bounds, type RowPiece, type RowSource, rowsPerPiece, type Steps, startsFromFlags } from "../rows.js";

interface D4rlArrays {
  readonly observations: Hdf5Array;
  readonly actions: Hdf5Array;
  readonly rewards: Hdf5Array;
  readonly terminals: Hdf5Array;
  readonly timeouts: Hdf5Array | undefined;
  readonly nextObservations: Hdf5Array | undefined;
}

const KEYS = {
  observations: "observations",
  actions: "actions",
  rewards: "rewards",
  nextObservations: "next_observations",
};

/** What is known of a file beside its content. */
export interface D4rlReading {
  readonly bounds: Bounds;
  /** Steps after which an episode was cut. */
  readonly timeLimit: number | undefined;
}

/**
 * Open a file in D4RL's layout: one array a key, one row a step.
 *
 * Source: Fu et al. 2020, D4RL, and its loader. `timeouts` may be missing, as in D4RL's first files: episodes then end
 * at terminals and after the time limit, as its loader cuts them. @throws FileError, DataError; ConfigError for a time
 * limit beside `timeouts`
 */
export async function openD4rl(path: string, reading: D4rlReading): Promise<RowSource> {
  const file = await openHdf5(path);
  try {
    const arrays = findArrays(file);
    checkShapes(file, arrays);
    checkLimit(file, arrays, reading);
    return sourceOf(file, arrays, reading);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function checkLimit(file: Hdf5File, { timeouts }: D4rlArrays, { timeLimit }: D4rlReading): void {
  if (timeLimit === undefined || timeouts === undefined) return;
  throw new ConfigError("the file says itself which steps a time limit cut", {
    where: `dataset.timeLimit ${timeLimit}, ${file.path} timeouts`,
    remedy: "leave timeLimit out",
  });
}

function sourceOf(file: Hdf5File, arrays: D4rlArrays, { bounds, timeLimit }: D4rlReading): RowSource {
  const { observations, actions, timeouts, nextObservations } = arrays;
  const environmentId = file.text("metadata/environment");
  return {
    path: file.path,
    files: [file.path],
    layout: "d4rl-hdf5",
    name: basename(file.path).replace(/\.(hdf5|h5)$/, ""),
    ...(environmentId === undefined ? {} : { environmentId }),
    rows: observations.rows,
    observation: observations.width,
    action: actions.width,
    hasNextObservations: nextObservations !== undefined,
    keys: KEYS,
    actionBounds: Array.from({ length: actions.width }, () => bounds),
    ...(timeLimit === undefined ? {} : { timeLimit }),
    cutsUnknown: timeouts === undefined && timeLimit === undefined,
    steps: async () => readSteps(file, arrays, timeLimit),
    pieces: () => readPieces(arrays),
    close: () => file.close(),
  };
}

function findArrays(file: Hdf5File): D4rlArrays {
  const names = file.names("/") ?? [];
  const required = (key: string) => {
    const found = file.array(key);
    if (found !== undefined) return found;
    const minari = names.some((name) => name.startsWith("episode_"));
    throw new DataError("the key is missing", {
      where: `${file.path} ${key}`,
      expected: "observations, actions, rewards and terminals (D4RL's layout)",
      remedy: minari
        ? 'this file has Minari\'s layout: name its folder and use the dataset type "minari"'
        : `write the key; the file has ${names.length === 0 ? "no keys" : names.slice(0, 12).join(", ")}`,
    });
  };
  return {
    observations: required("observations"),
    actions: required("actions"),
    rewards: required("rewards"),
    terminals: required("terminals"),
    timeouts: file.array("timeouts"),
    nextObservations: file.array("next_observations"),
  };
}

function checkShapes(file: Hdf5File, arrays: D4rlArrays): void {
  const { observations, actions, rewards, terminals, timeouts, nextObservations } = arrays;
  const rows = observations.rows;
  if (observations.shape.length === 2 && (rows === 0 || observations.width === 0)) {
    throw wrongShape(file, observations, "at least one row and one column");
  }
  checkShape(file, observations, `[rows, observation]`, observations.shape.length === 2);
  checkShape(
    file,
    actions,
    `[${rows}, action]`,
    actions.shape.length === 2 && actions.rows === rows && actions.width > 0,
  );
  for (const column of [rewards, terminals, timeouts]) {
    if (column !== undefined) checkShape(file, column, `[${rows}]`, isColumn(column) && column.rows === rows);
  }
  if (nextObservations === undefined) return;
  const same = nextObservations.shape.length === 2 && nextObservations.width === observations.width;
  checkShape(file, nextObservations, `[${rows}, ${observations.width}]`, same && nextObservations.rows === rows);
}

const isColumn = ({ shape }: Hdf5Array) => shape.length === 1 || (shape.length === 2 && shape[1] === 1);

function checkShape(file: Hdf5File, array: Hdf5Array, expected: string, holds: boolean): void {
  if (!holds) throw wrongShape(file, array, `the shape ${expected}, as observations has it`);
}

const wrongShape = (file: Hdf5File, { key, shape }: Hdf5Array, expected: string) =>
  new DataError(`the shape is [${shape.join(", ")}]`, {
    where: `${file.path} ${key}`,
    expected,
    remedy: "all keys need one row a step; write the file again",
  });

function readSteps(file: Hdf5File, { rewards, terminals, timeouts }: D4rlArrays, timeLimit = Infinity): Steps {
  const rows = terminals.rows;
  const terminations = readFlags(file, terminals);
  const cut = timeouts === undefined ? cutAfter(timeLimit, terminations) : readFlags(file, timeouts);
  return {
    rewards: Float64Array.from(rewards.read(0, rows)),
    terminations,
    timeouts: cut,
    episodeStarts: startsFromFlags(terminations, cut),
  };
}

/** 1 at the last step of each episode that reaches the limit without a terminal. */
function cutAfter(limit: number, terminations: Uint8Array): Uint8Array {
  let length = 0;
  return terminations.map((terminal) => {
    length += 1;
    const cut = terminal === 0 && length >= limit;
    if (terminal === 1 || cut) length = 0;
    return cut ? 1 : 0;
  });
}

async function* readPieces(arrays: D4rlArrays): AsyncGenerator<RowPiece> {
  const { observations, actions, rewards, nextObservations } = arrays;
  const size = rowsPerPiece(2 * observations.width + actions.width);
  for (let start = 0; start < observations.rows; start += size) {
    const end = Math.min(start + size, observations.rows);
    yield {
      start,
      count: end - start,
      ...narrowed(observations.read(start, end)),
      actions: floats(actions.read(start, end)),
      rewards: Float64Array.from(rewards.read(start, end)),
      ...(nextObservations === undefined ? {} : { nextObservations: floats(nextObservations.read(start, end)) }),
    };
  }
}
