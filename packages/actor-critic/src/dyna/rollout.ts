import type { CompiledProgram, HostTensors, TensorState, TypedArray } from "@lowerbound/core";
import type { ReplayRows } from "../replay/rows.js";

/** Sums over the transitions of a rollout, for the log. */
export interface RolloutFigures {
  readonly transitions: number;
  readonly steps: number;
  readonly modelReward: number;
  readonly reward: number;
  readonly penalty: number;
  /** No sum: the least of all, and of 0. */
  readonly leastPenalty: number;
  readonly terminations: number;
}

export interface RolloutJob {
  readonly program: CompiledProgram;
  readonly state: TensorState;
  /** Rows that the program takes at once. */
  readonly rows: number;
  /** Start states [count, observation]. */
  readonly starts: Float32Array;
  readonly rolloutLength: number;
  /** Random numbers of one run of the program; may return the same arrays every time. */
  readonly draw: (step: number) => Readonly<Record<string, TypedArray>>;
  /** Receives each block of transitions; its arrays are valid until the call returns. */
  readonly store: (block: ReplayRows, outputs: HostTensors) => void;
  readonly signal?: AbortSignal;
}

const NOTHING: RolloutFigures = {
  transitions: 0,
  steps: 0,
  modelReward: 0,
  reward: 0,
  penalty: 0,
  leastPenalty: 0,
  terminations: 0,
};

/**
 * Roll the policy through the model from many states at once.
 *
 * The rows are cut into chunks of fixed size, so that activations stay in cache; what the last chunk lacks is filled
 * with zeros and left out. Rows that ended are dropped between steps. Source: MBPO (Janner et al. 2019), algorithm 2.
 */
export async function rollOut(job: RolloutJob): Promise<RolloutFigures> {
  const { program, rows, rolloutLength, signal } = job;
  const width = program.program.inputs.observation!.shape[1]!;
  const chunk = createChunk(job, width);
  const figures = { ...NOTHING };
  let alive = job.starts.slice();
  let count = alive.length / width;
  for (let step = 0; step < rolloutLength && count > 0; step++) {
    let kept = 0;
    for (let from = 0; from < count; from += rows) {
      signal?.throwIfAborted();
      const size = Math.min(rows, count - from);
      const block = await chunk(step, alive.subarray(from * width, (from + size) * width), figures);
      kept = keepAlive(block, size, alive, kept);
    }
    figures.steps++;
    alive = alive.subarray(0, kept * width);
    count = kept;
  }
  return figures;
}

/** Move the next observations of rows that go on to the front; the chunks before this one are read already. */
function keepAlive(
  { observation, nextObservations, terminations }: ReplayRows,
  size: number,
  alive: Float32Array,
  kept: number,
) {
  let to = kept;
  for (let row = 0; row < size; row++) {
    if (terminations[row] === 1) continue;
    alive.set(nextObservations.subarray(row * observation, (row + 1) * observation), to * observation);
    to++;
  }
  return to;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function createChunk({ program, state, rows, draw, store }: RolloutJob, width: number) {
  const input = new Float32Array(rows * width);
  return async (step: number, observations: Float32Array, figures: Mutable<RolloutFigures>): Promise<ReplayRows> => {
    const size = observations.length / width;
    input.fill(0);
    input.set(observations);
    const outputs = await program.run(state, { ...draw(step), observation: input });
    const block = blockOf(outputs, input, { width, size });
    addUp(figures, outputs, size);
    store(block, outputs);
    return block;
  };
}

const floats = (tensors: HostTensors, name: string): Float32Array => tensors[name]!.data as Float32Array;

function blockOf(
  outputs: HostTensors,
  input: Float32Array,
  { width, size }: { width: number; size: number },
): ReplayRows {
  return {
    observation: width,
    action: outputs.action!.shape[1]!,
    count: size,
    observations: input,
    actions: floats(outputs, "action"),
    rewards: floats(outputs, "reward"),
    nextObservations: floats(outputs, "nextObservation"),
    terminations: floats(outputs, "termination"),
  };
}

function addUp(figures: Mutable<RolloutFigures>, outputs: HostTensors, size: number): void {
  const rowsOf = (name: string) => outputs[name]?.data.subarray(0, size) ?? [];
  const sum = (name: string): number => {
    let total = 0;
    for (const value of rowsOf(name)) total += value;
    return total;
  };
  figures.transitions += size;
  figures.modelReward += sum("modelReward");
  figures.reward += sum("reward");
  figures.penalty += sum("penalty");
  for (const value of rowsOf("penalty")) figures.leastPenalty = Math.min(figures.leastPenalty, value);
  figures.terminations += sum("termination");
}
