import { DataError } from "@lowerbound/core";
import type { TabularMdp } from "@lowerbound/environments";

/** Logged steps of a tabular process, all [steps]. */
export interface TabularSamples {
  readonly states: ArrayLike<number>;
  readonly actions: ArrayLike<number>;
  readonly rewards: ArrayLike<number>;
  readonly nextStates: ArrayLike<number>;
}

/** Counts of a log. */
export interface TabularCounts {
  /** [state, action] */
  readonly visits: Float64Array;
  /** [state, action, next state] */
  readonly next: Float64Array;
  /** Sums of rewards, [state, action]. */
  readonly rewards: Float64Array;
}

/** Count a log of `states` states and `actions` actions. @throws DataError naming the first step outside them */
export function countSamples(
  samples: TabularSamples,
  { states, actions }: Pick<TabularMdp, "states" | "actions">,
): TabularCounts {
  const pairs = states * actions;
  const counts = {
    visits: new Float64Array(pairs),
    next: new Float64Array(pairs * states),
    rewards: new Float64Array(pairs),
  };
  const inside = (value: number | undefined, below: number) => Number.isInteger(value) && value! >= 0 && value! < below;
  for (let t = 0; t < samples.states.length; t++) {
    const [state, action, next] = [samples.states[t], samples.actions[t], samples.nextStates[t]];
    const reward = samples.rewards[t];
    if (!inside(state, states) || !inside(action, actions) || !inside(next, states) || !Number.isFinite(reward)) {
      throw new DataError(`${state}, ${action}, ${reward}, ${next} is no step`, {
        where: `step ${t}`,
        expected: `states below ${states}, actions below ${actions}, a finite reward`,
      });
    }
    const row = state! * actions + action!;
    counts.visits[row]! += 1;
    counts.next[row * states + next!]! += 1;
    counts.rewards[row]! += reward!;
  }
  return counts;
}

/** What is known of the process without its dynamics. */
export type KnownParts = Pick<TabularMdp, "states" | "actions" | "initial" | "terminal" | "discount">;

/** The model of greatest likelihood; where a pair was never seen, any next state alike, and the reward `unseen`. */
export function empiricalModel(counts: TabularCounts, known: KnownParts, unseen: number): TabularMdp {
  const { states } = known;
  return {
    ...known,
    transitions: counts.next.map((count, i) => {
      const visits = counts.visits[Math.floor(i / states)]!;
      return visits === 0 ? 1 / states : count / visits;
    }),
    rewards: counts.rewards.map((sum, row) => (counts.visits[row] === 0 ? unseen : sum / counts.visits[row]!)),
  };
}
