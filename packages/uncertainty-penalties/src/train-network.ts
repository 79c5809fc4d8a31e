import {
  drawNoise,
  type Engine,
  type HostTensors,
  NumericalError,
  type Random,
  type RunHandle,
  type TensorProgram,
  type TensorState,
  type TypedArray,
} from "@lowerbound/core";

/** A small network's training on rows. */
export interface NetworkJob {
  readonly engine: Engine;
  readonly run: RunHandle;
  readonly random: Random;
  /** Shown while it trains. */
  readonly title: string;
  readonly updates: number;
  /** One update; its outputs beside the state hold `loss` [], its inputs are what `batch` gives. */
  readonly program: TensorProgram;
  readonly initial: () => HostTensors;
  readonly batch: (random: Random) => Readonly<Record<string, TypedArray>>;
}

export interface TrainedNetwork {
  readonly state: HostTensors;
  /** Mean loss of the last tenth of the updates. */
  readonly loss: number;
}

const CHECKPOINT_EVERY = 2000;

/**
 * Train for a number of updates, from the newest checkpoint if there is one; each update has a random stream of its own.
 *
 * @throws NumericalError when the loss stops being finite.
 */
export async function trainNetwork(job: NetworkJob): Promise<TrainedNetwork> {
  const { engine, run, random, title, updates, batch } = job;
  const saved = await run.latest();
  const state: TensorState = new Map(Object.entries(saved?.tensors ?? job.initial()));
  const program = await engine.compile(job.program);
  const progress = run.progress(title, updates);
  let lossSum = Number(saved?.data.lossSum ?? 0);
  try {
    for (let update = saved?.step ?? 0; update < updates; update++) {
      const stream = random.stream(`update ${update}`);
      const outputs = await program.run(state, { ...batch(stream), ...drawNoise(stream, job.program.noise) });
      const loss = outputs.loss!.data[0]!;
      if (!Number.isFinite(loss)) throw lost(title, update);
      if (update >= lastTenth(updates)) lossSum += loss;
      const step = update + 1;
      progress.update(step, { loss });
      if (step % 1000 === 0) run.log(step, { loss });
      if (run.signal.aborted || step % CHECKPOINT_EVERY === 0) {
        await run.checkpoint({ step, tensors: Object.fromEntries(state), data: { lossSum } });
      }
      run.signal.throwIfAborted();
    }
  } finally {
    progress.stop();
    await program.dispose();
  }
  return { state: copies(state), loss: lossSum / (updates - lastTenth(updates)) };
}

const lastTenth = (updates: number): number => Math.floor(0.9 * updates);

const copies = (state: TensorState): HostTensors =>
  Object.fromEntries([...state].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));

const lost = (title: string, update: number): NumericalError =>
  new NumericalError(`the loss of the ${title} is not finite since update ${update + 1}`, {
    where: "penalty",
    remedy: "look for NaN or huge values with `lowerbound data doctor`, or lower its learningRate",
  });

/** Random rows of a table [count, dim] -> [batch, dim]. */
export function sampleRows(random: Random, rows: Float32Array, dim: number, batch: number): Float32Array {
  const out = new Float32Array(batch * dim);
  const picks = random.integers(new Int32Array(batch), rows.length / dim);
  for (const [at, row] of picks.entries()) out.set(rows.subarray(row * dim, (row + 1) * dim), at * dim);
  return out;
}
