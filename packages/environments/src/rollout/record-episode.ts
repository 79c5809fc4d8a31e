import { DataError, type Environment, type Policy } from "@lowerbound/core";
import { isSimulated } from "../episodes.js";
import { joinRows } from "./lanes.js";
import { episodeSeeds } from "./seeds.js";

/** One whole episode of T steps, in the simulator's precision. */
export interface RecordedEpisode {
  readonly episode: number;
  readonly steps: number;
  /** [T + 1, observation] */
  readonly observations: Float64Array;
  /** [T, action] */
  readonly actions: Float32Array;
  /** [T] */
  readonly rewards: Float64Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Simulated state before each step, [T, nq] and [T, nv]; empty where the environment has none. */
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
}

export interface RecordOptions {
  /** With the episode's number it decides the start and a stochastic policy's draws. */
  readonly seed: number;
  readonly deterministic: boolean;
}

/** Play one episode from its own seeds and keep all of it. */
export async function recordEpisode(
  policy: Policy,
  environment: Environment,
  episode: number,
  { seed, deterministic }: RecordOptions,
): Promise<RecordedEpisode> {
  const seeds = episodeSeeds(seed, episode);
  const observations = [environment.reset(seeds.environment)];
  const states: { qpos: Float64Array[]; qvel: Float64Array[] } = { qpos: [], qvel: [] };
  const actions: Float32Array[] = [];
  const rewards: number[] = [];
  let state = await policy.init(1, seeds.policy);
  for (;;) {
    keepState(environment, states);
    const data = Float32Array.from(observations.at(-1) ?? []);
    const chosen = await policy.act({ rows: 1, columns: data.length, data }, state, { deterministic });
    state = chosen.state;
    const action = checkedAction(chosen.actions.data, environment);
    const step = environment.step(action);
    actions.push(action);
    rewards.push(step.reward);
    observations.push(step.observation);
    if (!step.terminated && !step.truncated) continue;
    return {
      episode,
      steps: actions.length,
      observations: joinRows(observations),
      actions: joinActions(actions),
      rewards: Float64Array.from(rewards),
      terminated: step.terminated,
      truncated: step.truncated,
      qpos: joinRows(states.qpos),
      qvel: joinRows(states.qvel),
    };
  }
}

function keepState(environment: Environment, states: { qpos: Float64Array[]; qvel: Float64Array[] }): void {
  if (!isSimulated(environment)) return;
  const { qpos, qvel } = environment.snapshot().state;
  if (qpos !== undefined) states.qpos.push(qpos);
  if (qvel !== undefined) states.qvel.push(qvel);
}

/** A policy may reuse its array, so the action is copied. */
function checkedAction(data: Float32Array, { id, actionSpace }: Environment): Float32Array {
  if (data.length === actionSpace.shape[0]) return data.slice();
  throw new DataError(`the policy gives ${data.length} action entries`, {
    where: id,
    expected: `${actionSpace.shape[0]} entries`,
    remedy: "use a policy trained for this environment",
  });
}

function joinActions(actions: readonly Float32Array[]): Float32Array {
  const width = actions[0]?.length ?? 0;
  const joined = new Float32Array(actions.length * width);
  actions.forEach((action, i) => {
    joined.set(action, i * width);
  });
  return joined;
}
