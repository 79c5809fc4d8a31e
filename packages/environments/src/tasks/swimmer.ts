import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { swimmerModel } from "../mujoco/models/swimmer.js";
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
import { uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: weightOption(1, "the forward velocity"),
  ctrlCostWeight: weightOption(1e-4, "the squared action"),
  resetNoiseScale: resetNoiseOption(0.1),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  timeLimit: timeLimitOption(1000),
});

/** Options of Swimmer-v5, named as Gymnasium's constructor names them. */
export type SwimmerOptions = z.output<typeof config>;

function swimmerTask(options: SwimmerOptions): MujocoTask {
  return {
    id: "Swimmer-v5",
    model: swimmerModel,
    frameSkip: options.frameSkip,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: uniformAround(random, new Float64Array(nv), options.resetNoiseScale),
    }),
    observe: (simulation) => positionsAndVelocities(simulation, options.excludeCurrentPositionsFromObservation ? 2 : 0),
    stateOf: (observation, simulation) =>
      stateOfPositionsAndVelocities(observation, simulation, options.excludeCurrentPositionsFromObservation ? 2 : 0),
    track: (simulation) => simulation.view("qpos").slice(0, 2),
    judge({ simulation, action, before, after, duration }) {
      const [xVelocity = 0, yVelocity = 0] = after.map((value, i) => (value - before[i]!) / duration);
      const forward = options.forwardRewardWeight * xVelocity;
      const control = controlCost(action, options.ctrlCostWeight);
      return {
        reward: forward - control,
        terminated: false,
        info: {
          ...position(simulation),
          x_velocity: xVelocity,
          y_velocity: yVelocity,
          reward_forward: forward,
          reward_ctrl: -control,
        },
      };
    },
    resetInfo: position,
  };
}

function position(simulation: Simulation): { x_position: number; y_position: number; distance_from_origin: number } {
  const [x = 0, y = 0] = simulation.view("qpos");
  return { x_position: x, y_position: y, distance_from_origin: Math.hypot(x, y) };
}

/** Swimmer-v5: three links swim forward in a viscous fluid; it never terminates. Source: Gymnasium 1.4.0. */
export const swimmer = defineComponent({
  kind: EnvironmentSource,
  type: "swimmer",
  summary: "Swimmer-v5: three links swim forward; only the time limit ends an episode",
  config,
  create: (options) => mujocoFactory(swimmerTask(options), options.timeLimit, { type: "swimmer", options }),
});
