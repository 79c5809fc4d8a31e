import type { EnvironmentFactory, Episode } from "@lowerbound/core";
import { type RecordedEpisode, recordEpisodes, type WorkerPool } from "@lowerbound/environments";
import type { Phase } from "./phases.js";

export interface CollectOptions {
  /** Transitions altogether, exactly. */
  readonly transitions: number;
  readonly seed: number;
  /** Threads to record in; without one, this thread. The episodes do not depend on it. */
  readonly pool: WorkerPool | undefined;
  readonly signal: AbortSignal | undefined;
  onProgress(done: number): void;
}

/**
 * Play the phases one after the other until they have their share; the last episode is cut, and counts as timed out.
 *
 * Episodes are numbered through, and each one's randomness comes from the seed and its number alone.
 */
export async function* collectEpisodes(
  phases: readonly Phase[],
  factory: EnvironmentFactory,
  { transitions, seed, pool, signal, onProgress }: CollectOptions,
): AsyncGenerator<Episode> {
  let done = 0;
  let first = 0;
  for (const { until, policy } of phases) {
    const target = Math.round(until * transitions);
    if (done >= target) continue;
    const recording = { first, seed, deterministic: false, ...(pool === undefined ? {} : { pool }) };
    for await (const recorded of recordEpisodes(policy, factory, recording)) {
      signal?.throwIfAborted();
      const episode = asEpisode(recorded, transitions - done);
      done += episode.length;
      first += 1;
      yield episode;
      onProgress(done);
      if (done >= target) break;
    }
  }
}

function asEpisode(
  { steps, observations, actions, rewards, terminated, truncated }: RecordedEpisode,
  room: number,
): Episode {
  const length = Math.min(steps, room);
  const observation = observations.length / (steps + 1);
  const action = actions.length / steps;
  const cut = length < steps;
  return {
    observation,
    action,
    length,
    observations: Float32Array.from(observations.subarray(0, (length + 1) * observation)),
    actions: actions.slice(0, length * action),
    rewards: Float32Array.from(rewards.subarray(0, length)),
    terminated: terminated && !cut,
    truncated: truncated || cut,
    finalObservationKnown: true,
  };
}
