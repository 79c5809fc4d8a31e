import { DataError, Random } from "@lowerbound/core";
import { type SimulatedEnvironment, withEpisodes } from "../episodes.js";
import { box, stateArray, type Task } from "../task.js";
import { checkMdp, type TabularMdp } from "./mdp.js";

/**
 * An environment that plays a tabular process.
 *
 * An observation is the state's one-hot vector [states]; an action is a score of each action [actions], the largest is
 * taken, the first of equals. Rewards are the expected ones.
 *
 * @throws DataError if the process is not well formed
 */
export function tabularEnvironment(mdp: TabularMdp, options: { readonly timeLimit: number }): SimulatedEnvironment {
  return withEpisodes(tabularTask(checkMdp(mdp)), options.timeLimit);
}

function tabularTask(mdp: TabularMdp): Task {
  const { states, actions, transitions, rewards, terminal } = mdp;
  let state = 0;
  let random = Random.fromSeed(0);
  const observe = () => Float64Array.from({ length: states }, (_, s) => (s === state ? 1 : 0));
  return {
    id: "tabular",
    observationSpace: box(states, 0, 1),
    actionSpace: box(actions, -1, 1),
    drawState(from) {
      random = from.stream("transitions");
      return { qpos: Float64Array.of(draw(from, mdp.initial)), qvel: new Float64Array(0) };
    },
    resetTo({ qpos }) {
      state = checkedState(qpos[0], states);
      return observe();
    },
    stateOf: (observation) => ({ qpos: Float64Array.of(hotEntry(observation)), qvel: new Float64Array(0) }),
    resetInfo: () => ({}),
    step(action) {
      const row = state * actions + action.indexOf(Math.max(...action));
      state = draw(random, transitions.subarray(row * states, (row + 1) * states));
      return { observation: observe(), reward: rewards[row]!, terminated: terminal[state] === 1, info: {} };
    },
    readState() {
      const { key, block } = random.state();
      return { qpos: Float64Array.of(state), random: Float64Array.of(...key, block) };
    },
    writeState(saved) {
      state = checkedState(stateArray(saved, "qpos")[0], states);
      const [low = 0, high = 0, block = 0] = stateArray(saved, "random");
      random = Random.fromState({ key: [low, high], block });
    },
    close: () => {},
  };
}

/** @throws DataError unless one entry is 1 and all others are 0 */
function hotEntry(observation: ArrayLike<number>): number {
  const entries = Array.from(observation);
  const [hot, ...others] = entries.flatMap((value, state) => (value === 0 ? [] : [state]));
  if (hot !== undefined && others.length === 0 && entries[hot] === 1) return hot;
  throw new DataError("the observation shows no state", { where: "observation", expected: "a one-hot vector" });
}

function checkedState(state: number | undefined, states: number): number {
  if (state !== undefined && Number.isSafeInteger(state) && state >= 0 && state < states) return state;
  throw new DataError(`there is no state ${state}`, { expected: `0 to ${states - 1}` });
}

function draw(random: Random, probabilities: Float64Array): number {
  const level = random.uniform(new Float32Array(1))[0]!;
  let sum = 0;
  const drawn = probabilities.findIndex((probability) => {
    sum += probability;
    return level < sum;
  });
  return drawn >= 0 ? drawn : probabilities.findLastIndex((probability) => probability > 0);
}
