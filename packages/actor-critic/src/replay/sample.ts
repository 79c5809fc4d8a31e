import { ConfigError, type Dimensions, type Random } from "@lowerbound/core";
import type { ReplayRows } from "./rows.js";

/** One mini-batch in host memory, by the names of an optimiser's inputs. */
export interface HostBatch extends Record<string, Float32Array> {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly reward: Float32Array;
  readonly nextObservation: Float32Array;
  readonly termination: Float32Array;
  readonly fromData: Float32Array;
}

export const emptyBatch = ({ observation, action }: Dimensions, batch: number): HostBatch => ({
  observation: new Float32Array(batch * observation),
  action: new Float32Array(batch * action),
  reward: new Float32Array(batch),
  nextObservation: new Float32Array(batch * observation),
  termination: new Float32Array(batch),
  fromData: new Float32Array(batch),
});

/** Products such as 100 x 0.29 fall short of the whole number that they are. */
const ROUNDING = 1e-9;

/** Whole rows of a share of a batch, rounded down. */
export const rowsOfShare = (batch: number, share: number): number => Math.floor(batch * share + ROUNDING);

/** Rows of a batch that come from the dataset: batch realRatio, rounded down. @throws ConfigError if a share has no row. */
export function realRows(batch: number, realRatio: number): number {
  const rows = rowsOfShare(batch, realRatio);
  if (rows > 0 || realRatio === 0) return rows;
  throw new ConfigError(`a batch of ${batch} with realRatio ${realRatio} has no row of the dataset`, {
    where: "algorithm.realRatio",
    expected: "a share that is a row at least, or 0",
    remedy: "raise batchSize or realRatio, or set realRatio to 0 to learn from the model's transitions alone",
  });
}

/** Samples mini-batches: the first `real` rows from the dataset, the others from the model's buffer. */
export function createSampler(
  dimensions: Dimensions,
  { batch, real }: { readonly batch: number; readonly real: number },
) {
  const into = emptyBatch(dimensions, batch);
  into.fromData.fill(1, 0, real);
  const realPicks = new Int32Array(real);
  const modelPicks = new Int32Array(batch - real);
  /** The same arrays every time; `modelSize` rows of the model's are valid. */
  return (random: Random, data: ReplayRows, model: ReplayRows, modelSize: number): HostBatch => {
    gather(data, random.integers(realPicks, data.count), 0, into);
    gather(model, random.integers(modelPicks, modelSize), real, into);
    return into;
  };
}

function gather(rows: ReplayRows, picks: Int32Array, at: number, into: HostBatch): void {
  const { observation, action } = rows;
  gatherColumns(rows.observations, observation, picks, at, into.observation);
  gatherColumns(rows.actions, action, picks, at, into.action);
  gatherColumns(rows.nextObservations, observation, picks, at, into.nextObservation);
  for (let k = 0; k < picks.length; k++) {
    into.reward[at + k] = rows.rewards[picks[k]!]!;
    into.termination[at + k] = rows.terminations[picks[k]!]!;
  }
}

/** Copy rows `picks` of a flat array to row `at` on. */
export function gatherColumns(
  source: Float32Array,
  width: number,
  picks: Int32Array,
  at: number,
  into: Float32Array,
): void {
  let to = at * width;
  for (let k = 0; k < picks.length; k++) {
    const from = picks[k]! * width;
    for (let i = 0; i < width; i++) into[to++] = source[from + i]!;
  }
}
