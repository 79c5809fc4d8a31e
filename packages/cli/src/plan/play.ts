import { type Environment, type Matrix, Random } from "@lowerbound/core";
import { episodeSeeds, isSimulated } from "@lowerbound/environments";
import { type Decision, keepLanes, plannerPolicy, startLanes } from "@lowerbound/planners";
import { type Journal, openJournal } from "./journal.js";
import type { Planning } from "./open-planning.js";
import type { PlannedEpisode } from "./plan-file.js";

export interface PlayOptions {
  readonly episodes: number;
  /** At most, in an episode. */
  readonly steps: number;
  readonly seed: number;
  /** Plans of every so many steps are kept whole. */
  readonly every: number;
  readonly signal: AbortSignal;
  readonly onStep: (episode: number, step: number, realised: number) => void;
}

/** An episode, and the positions of the body before each step where the environment tells. */
export interface Played {
  readonly episode: PlannedEpisode;
  readonly positions: readonly Float64Array[];
}

/**
 * Act by a planner, and keep what it expected beside what came: as many episodes at once as there are environments.
 *
 * An episode depends on the seed and its number, not on those beside it, except for what a time budget cuts off.
 */
export async function play(
  planning: Planning,
  environments: readonly Environment[],
  options: PlayOptions,
): Promise<Played[]> {
  const decisions = new Map<number, Decision>();
  const policy = plannerPolicy({ ...planning, onPlan: (decision) => decisions.set(decision.row, decision) });
  const played: Played[] = [];
  while (played.length < options.episodes) {
    const count = Math.min(environments.length, options.episodes - played.length);
    const lanes = environments
      .slice(0, count)
      .map((environment, i) => openLane(planning, environment, played.length + i, options));
    await playTogether({ policy, decisions, options }, lanes);
    played.push(...lanes.map(playedOf));
  }
  return played;
}

/** An episode on its way. */
interface Lane {
  readonly environment: Environment;
  readonly episode: number;
  readonly journal: Journal;
  readonly positions: Float64Array[];
  observation: ArrayLike<number>;
  ended: { readonly terminated: boolean; readonly truncated: boolean };
}

function openLane(planning: Planning, environment: Environment, episode: number, options: PlayOptions): Lane {
  const seeds = episodeSeeds(options.seed, episode);
  return {
    environment,
    episode,
    journal: openJournal(planning, options.every, Random.fromSeed(seeds.policy).stream("expected")),
    positions: [],
    observation: environment.reset(seeds.environment),
    ended: { terminated: false, truncated: false },
  };
}

interface Stage {
  readonly policy: ReturnType<typeof plannerPolicy>;
  /** The plans that the last step made, by row. */
  readonly decisions: Map<number, Decision>;
  readonly options: PlayOptions;
}

/** Episodes that have ended take part no more. */
async function playTogether({ policy, decisions, options }: Stage, lanes: readonly Lane[]): Promise<void> {
  const numbers = lanes.map(({ episode }) => episode);
  let state = startLanes(episodeSeeds(options.seed, 0).policy, numbers);
  let live = lanes;
  for (let step = 0; step < options.steps && live.length > 0; step++) {
    options.signal.throwIfAborted();
    decisions.clear();
    const acted = await policy.act(observationsOf(live), state, { deterministic: true });
    const { columns, data } = acted.actions;
    for (const [row, lane] of live.entries()) {
      await lane.journal.decided(step, decisions.get(row));
      const realised = advance(lane, data.slice(row * columns, (row + 1) * columns));
      options.onStep(lane.episode, step + 1, realised);
    }
    const going = live.flatMap(({ ended }, row) => (ended.terminated || ended.truncated ? [] : [row]));
    state = keepLanes(acted.state, going);
    live = going.map((row) => live[row]!);
  }
}

function observationsOf(lanes: readonly Lane[]): Matrix {
  const columns = lanes[0]!.observation.length;
  const data = new Float32Array(lanes.length * columns);
  lanes.forEach(({ observation }, row) => {
    data.set(observation, row * columns);
  });
  return { rows: lanes.length, columns, data };
}

function advance(lane: Lane, action: Float32Array): number {
  const { environment } = lane;
  lane.positions.push(positionsOf(environment));
  const { observation, reward, terminated, truncated } = environment.step(action);
  lane.journal.rewarded(reward);
  lane.observation = observation;
  lane.ended = { terminated, truncated };
  return reward;
}

const playedOf = ({ episode, journal, positions, ended }: Lane): Played => ({
  episode: { episode, ...journal.written(), ...ended },
  positions,
});

function positionsOf(environment: Environment): Float64Array {
  return (isSimulated(environment) ? environment.snapshot().state.qpos : undefined) ?? new Float64Array(0);
}
