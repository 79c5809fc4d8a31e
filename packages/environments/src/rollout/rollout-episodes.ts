import { ConfigError, type EnvironmentFactory, type Matrix, type Policy } from "@lowerbound/core";
import { startWorkers } from "../workers/pool.js";
import { createWorkerVectorEnvironment } from "../workers/vector-environment.js";
import { episodeSeeds } from "./seeds.js";
import { createVectorEnvironment, type VectorEnvironment } from "./vector-environment.js";

export interface RolloutOptions {
  readonly episodes: number;
  /** Episode e starts from a state drawn from this seed and e alone. */
  readonly seed: number;
  readonly deterministic: boolean;
  /** Environments stepped together, so rows of the policy's batch; all episodes, 10 at most, where left out. */
  readonly parallel?: number;
  /** Threads that simulate; 0, the default, is this thread. Results never depend on it. */
  readonly workers?: number;
  /** Stop with the signal's reason between steps. */
  readonly signal?: AbortSignal;
}

/** Whole episodes: undiscounted return and length of each, and the environment steps that they took. */
export interface RolloutResult {
  readonly returns: Float64Array;
  readonly lengths: Int32Array;
  /** 1 where the episode ended by termination, not by the time limit. */
  readonly terminated: Uint8Array;
  readonly environmentSteps: number;
}

/**
 * Play whole episodes, the policy acting for several environments at once.
 *
 * Episodes run in waves of `parallel`, each wave with a fresh policy state; the batch keeps its size to the end, with
 * rows of finished episodes going unused, unless the policy can `keep` the rows that go on. So results depend on the seed,
 * for a stochastic policy also on `parallel`, never on `workers`.
 *
 * @throws ConfigError for counts that are not positive integers
 */
export async function rolloutEpisodes(
  policy: Policy,
  factory: EnvironmentFactory,
  options: RolloutOptions,
): Promise<RolloutResult> {
  const { episodes, seed, deterministic, signal, workers = 0 } = options;
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new ConfigError(`${episodes} episodes cannot be run`, { expected: "a positive integer" });
  }
  const parallel = options.parallel ?? Math.min(episodes, 10);
  const result = {
    returns: new Float64Array(episodes),
    lengths: new Int32Array(episodes),
    terminated: new Uint8Array(episodes),
  };
  const pool = workers > 0 ? await startWorkers(workers) : undefined;
  try {
    const environment =
      pool === undefined
        ? await createVectorEnvironment(factory, parallel)
        : await createWorkerVectorEnvironment(factory, parallel, pool);
    try {
      for (let first = 0; first < episodes; first += parallel) {
        await playWave({ policy, environment, first, episodes, seed, deterministic, signal, result });
      }
    } finally {
      await environment.close();
    }
  } finally {
    await pool?.close();
  }
  return { ...result, environmentSteps: result.lengths.reduce((sum, length) => sum + length, 0) };
}

interface Wave {
  readonly policy: Policy;
  readonly environment: VectorEnvironment;
  /** Number of the wave's first episode; lane i plays episode first + i. */
  readonly first: number;
  readonly episodes: number;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly signal: AbortSignal | undefined;
  readonly result: Omit<RolloutResult, "environmentSteps">;
}

async function playWave({ policy, environment, first, episodes, seed, deterministic, signal, result }: Wave) {
  const count = Math.min(environment.count, episodes - first);
  const seeds = Array.from({ length: count }, (_, lane) => episodeSeeds(seed, first + lane));
  let running = seeds.map((_, lane) => lane);
  const columns = environment.observationSpace.shape[0];
  const batch: Matrix = {
    rows: environment.count,
    columns,
    data: new Float32Array(environment.count * columns),
  };
  const starts = seeds.map((each) => each.environment);
  writeRows(batch, running, await environment.reset(running, starts));
  let acting = policy.keep === undefined ? Array.from({ length: environment.count }, (_, lane) => lane) : running;
  let state = await policy.init(acting.length, seeds[0]!.policy);
  while (running.length > 0) {
    signal?.throwIfAborted();
    const seen = { rows: acting.length, columns, data: rowsOf(batch, acting, environment.count) };
    const chosen = await policy.act(seen, state, { deterministic });
    const rowsIn = (lanes: readonly number[]) => lanes.map((lane) => acting.indexOf(lane));
    const steps = await environment.step(running, rowsOf(chosen.actions, rowsIn(running), acting.length));
    writeRows(batch, running, steps.observations);
    running.forEach((lane, i) => {
      result.returns[first + lane]! += steps.rewards[i]!;
      result.lengths[first + lane]! += 1;
      result.terminated[first + lane] = steps.terminated[i]!;
    });
    running = running.filter((_, i) => steps.terminated[i] === 0 && steps.truncated[i] === 0);
    state = policy.keep === undefined ? chosen.state : policy.keep(chosen.state, rowsIn(running));
    if (policy.keep !== undefined) acting = running;
  }
}

function writeRows({ columns, data }: Matrix, lanes: readonly number[], rows: Float64Array): void {
  lanes.forEach((lane, i) => {
    data.set(rows.subarray(i * columns, (i + 1) * columns), lane * columns);
  });
}

function rowsOf({ rows, columns, data }: Matrix, lanes: readonly number[], expected: number): Float32Array {
  if (rows !== expected) {
    throw new ConfigError(`the policy gives ${rows} actions`, { expected: `one for each of ${expected} observations` });
  }
  const picked = new Float32Array(lanes.length * columns);
  lanes.forEach((lane, i) => {
    picked.set(data.subarray(lane * columns, (lane + 1) * columns), i * columns);
  });
  return picked;
}
