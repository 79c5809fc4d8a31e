import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { halfCheetahModel } from "../mujoco/models/half-cheetah.js";
import {
  excludePositionsOption,
  frameSkipOption,
  resetNoiseOption,
  timeLimitOption,
  weightOption,
} from "../mujoco/options.js";
import { controlCost, positionsAndVelocities, stateOfPositionsAndVelocities } from "../mujoco/reward-terms.js";
import type { Simulation } from "../mujoco/simulation.js";
import type { MujocoTask } from "../mujoco/task.js";
import { normalNoise, uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(5),
  forwardRewardWeight: weightOption(1, "the forward velocity"),
  ctrlCostWeight: weightOption(0.1, "the squared action"),
  resetNoiseScale: resetNoiseOption(0.1),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  timeLimit: timeLimitOption(1000),
});

/** Options of HalfCheetah-v5, named as Gymnasium's constructor names them. */
export type HalfCheetahOptions = z.output<typeof config>;

function halfCheetahTask(options: HalfCheetahOptions): MujocoTask {
  return {
    id: "HalfCheetah-v5",
    model: halfCheetahModel,
    frameSkip: options.frameSkip,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: normalNoise(random, nv, options.resetNoiseScale),
    }),
    observe: (simulation) => positionsAndVelocities(simulation, options.excludeCurrentPositionsFromObservation ? 1 : 0),
    stateOf: (observation, simulation) =>
      stateOfPositionsAndVelocities(observation, simulation, options.excludeCurrentPositionsFromObservation ? 1 : 0),
    track: (simulation) => simulation.view("qpos").slice(0, 1),
    judge({ simulation, action, before, after, duration }) {
      const velocity = (after[0]! - before[0]!) / duration;
      const forward = options.forwardRewardWeight * velocity;
      const control = controlCost(action, options.ctrlCostWeight);
      return {
        reward: forward - control,
        terminated: false,
        info: { ...position(simulation), x_velocity: velocity, reward_forward: forward, reward_ctrl: -control },
      };
    },
    resetInfo: position,
  };
}

function position(simulation: Simulation): { x_position: number } {
  return { x_position: simulation.view("qpos")[0]! };
}

/** HalfCheetah-v5: a planar two-legged cheetah runs forward; it never terminates. Source: Gymnasium 1.4.0. */
export const halfCheetah = defineComponent({
  kind: EnvironmentSource,
  type: "halfcheetah",
  summary: "HalfCheetah-v5: a planar cheetah runs forward; only the time limit ends an episode",
  config,
  create: (options) => mujocoFactory(halfCheetahTask(options), options.timeLimit, { type: "halfcheetah", options }),
});
