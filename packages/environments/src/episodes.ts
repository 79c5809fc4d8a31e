import {
  DataError,
  type Environment,
  type EnvironmentSnapshot,
  LowerboundError,
  NumericalError,
  Random,
  type StepResult,
} from "@lowerbound/core";
import { type MechanicalState, stateArray, type Task } from "./task.js";

/** An environment whose simulated state can be set, as Gymnasium's `set_state` does. */
export interface SimulatedEnvironment extends Environment {
  /** Begin an episode in a given state; returns its first observation. */
  resetTo(state: MechanicalState): Float64Array;
  /** What Gymnasium returns as `info` beside the first observation of the current state. */
  resetInfo(): Readonly<Record<string, number>>;
  snapshot(): EnvironmentSnapshot;
  restore(snapshot: EnvironmentSnapshot): void;
  /** @throws DataError for an observation of another size, with an entry that is not finite, or that shows no state */
  resetToObservation(observation: ArrayLike<number>): Float64Array;
}

/** Give a task the protocol of episodes: reset first, a time limit, no step after the end, checked actions. */
export function withEpisodes(task: Task, timeLimit: number): SimulatedEnvironment {
  let steps = 0;
  let phase: "new" | "running" | "ended" | "closed" = "new";
  const use = () => {
    if (phase === "closed") throw new LowerboundError("the environment is closed", { where: task.id });
  };
  const begin = (state: MechanicalState) => {
    use();
    const observation = task.resetTo(state);
    steps = 0;
    phase = "running";
    return observation;
  };
  return {
    id: task.id,
    observationSpace: task.observationSpace,
    actionSpace: task.actionSpace,
    timeLimit,
    reset: (seed) => begin(task.drawState(Random.fromSeed(seed))),
    resetTo: begin,
    resetToObservation: (observation) => {
      checkObservation(task, observation);
      return begin(task.stateOf(observation));
    },
    resetInfo: () => task.resetInfo(),
    step(action): StepResult {
      use();
      if (phase !== "running") throw outOfEpisode(task.id, phase);
      checkAction(task, action);
      const { observation, reward, terminated, info } = task.step(action);
      steps += 1;
      const truncated = steps >= timeLimit;
      if (terminated || truncated) phase = "ended";
      return { observation, reward, terminated, truncated, info };
    },
    snapshot() {
      use();
      if (phase === "new") throw outOfEpisode(task.id, phase);
      const episode = Float64Array.of(steps, phase === "ended" ? 1 : 0);
      return { environmentId: task.id, state: { ...task.readState(), episode } };
    },
    restore(snapshot) {
      use();
      checkOwner(task.id, snapshot);
      task.writeState(snapshot.state);
      const [savedSteps = 0, ended = 0] = stateArray(snapshot.state, "episode");
      steps = savedSteps;
      phase = ended === 1 ? "ended" : "running";
    },
    close() {
      if (phase !== "closed") task.close();
      phase = "closed";
    },
  };
}

function outOfEpisode(id: string, phase: string): LowerboundError {
  return new LowerboundError(phase === "new" ? "no episode has begun" : "the episode has ended", {
    where: id,
    remedy: "call reset first",
  });
}

function checkOwner(id: string, snapshot: EnvironmentSnapshot): void {
  if (snapshot.environmentId === id) return;
  throw new DataError("the snapshot is of another environment", {
    where: snapshot.environmentId,
    expected: `a snapshot of ${id}`,
  });
}

function checkObservation({ id, observationSpace }: Task, observation: ArrayLike<number>): void {
  const size = observationSpace.shape[0];
  if (observation.length !== size) {
    throw new DataError(`the observation has ${observation.length} entries`, {
      where: id,
      expected: `${size} entries`,
    });
  }
  const bad = Array.prototype.findIndex.call(observation, (value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new DataError(`entry ${bad} of the observation is ${observation[bad]}`, {
    where: id,
    expected: "finite numbers",
  });
}

function checkAction({ id, actionSpace }: Task, action: Float32Array): void {
  const size = actionSpace.shape[0];
  if (action.length !== size) {
    throw new DataError(`the action has ${action.length} entries`, { where: id, expected: `${size} entries` });
  }
  const bad = action.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new NumericalError(`entry ${bad} of the action is ${action[bad]}`, {
      where: id,
      expected: "finite numbers",
      remedy: "look for NaN in the policy's parameters and inputs",
    });
  }
}

/** Whether the state of an environment can be set. */
export function isSimulated(environment: Environment): environment is SimulatedEnvironment {
  return "resetTo" in environment;
}
