import type { Random } from "@lowerbound/core";
import { box, type MechanicalState, stateArray, type Task, unboundedBox } from "../task.js";
import { loadMujoco } from "./module.js";
import { createSimulation, type Simulation } from "./simulation.js";

/** What a step is worth, seen after it. */
export interface Verdict {
  readonly reward: number;
  readonly terminated: boolean;
  readonly info: Readonly<Record<string, number>>;
}

/** A MuJoCo task of Gymnasium: a model, what is seen of it, and what a step is worth. */
export interface MujocoTask {
  readonly id: string;
  readonly model: string;
  readonly frameSkip: number;
  readonly actionBound?: number;
  drawState(random: Random, simulation: Simulation): MechanicalState;
  observe(simulation: Simulation): Float64Array;
  /** A state that looks like an observation; what the observation hides is at rest at 0. */
  stateOf(observation: ArrayLike<number>, simulation: Simulation): MechanicalState;
  /** Positions whose change over a step enters the reward. */
  track(simulation: Simulation): Float64Array;
  judge(step: {
    readonly simulation: Simulation;
    readonly action: Float32Array;
    readonly before: Float64Array;
    readonly after: Float64Array;
    /** Seconds. */
    readonly duration: number;
  }): Verdict;
  resetInfo?(simulation: Simulation): Readonly<Record<string, number>>;
}

/** Load MuJoCo, compile the model and join it with the task. */
export async function createMujocoTask(task: MujocoTask): Promise<Task> {
  const simulation = createSimulation(await loadMujoco(), task.model);
  const duration = simulation.timestep * task.frameSkip;
  const bound = task.actionBound ?? 1;
  // The last Runge-Kutta stage's positions cannot be recomputed from the state, so they are kept beside it.
  let tracked = task.track(simulation);
  return {
    id: task.id,
    observationSpace: unboundedBox(task.observe(simulation).length),
    actionSpace: box(simulation.view("ctrl").length, -bound, bound),
    drawState: (random) => task.drawState(random, simulation),
    resetTo({ qpos, qvel }) {
      simulation.resetTo(qpos, qvel);
      tracked = task.track(simulation);
      return task.observe(simulation);
    },
    stateOf: (observation) => task.stateOf(observation, simulation),
    resetInfo: () => task.resetInfo?.(simulation) ?? {},
    step(action) {
      const before = tracked;
      simulation.step(action, task.frameSkip);
      const after = task.track(simulation);
      tracked = after;
      const verdict = task.judge({ simulation, action, before, after, duration });
      return { observation: task.observe(simulation), ...verdict };
    },
    readState: () => ({ ...readSimulation(simulation), tracked: tracked.slice() }),
    writeState(state) {
      writeSimulation(simulation, state);
      tracked = stateArray(state, "tracked").slice();
    },
    close: () => simulation.delete(),
  };
}

function readSimulation(simulation: Simulation): Record<string, Float64Array> {
  return {
    qpos: simulation.view("qpos").slice(),
    qvel: simulation.view("qvel").slice(),
    qaccWarmstart: simulation.view("qacc_warmstart").slice(),
  };
}

/** The forward pass overwrites the solver's warm start, so that is written last. */
function writeSimulation(simulation: Simulation, state: Readonly<Record<string, Float64Array>>): void {
  simulation.resetTo(stateArray(state, "qpos"), stateArray(state, "qvel"));
  simulation.view("qacc_warmstart").set(stateArray(state, "qaccWarmstart"));
}
