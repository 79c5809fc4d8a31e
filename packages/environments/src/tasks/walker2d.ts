import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { walker2dModel } from "../mujoco/models/walker2d.js";
import {
  excludePositionsOption,
  frameSkipOption,
  rangeOption,
  resetNoiseOption,
  timeLimitOption,
  weightOption,
} from "../mujoco/options.js";
import { controlCost, positionsAndVelocities, strictlyInside } from "../mujoco/reward-terms.js";
import type { Simulation } from "../mujoco/simulation.js";
import type { MujocoTask } from "../mujoco/task.js";
import { uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: weightOption(1, "the forward velocity"),
  ctrlCostWeight: weightOption(1e-3, "the squared action"),
  healthyReward: z.number().default(1).describe("reward of a step that ends healthy"),
  terminateWhenUnhealthy: z.boolean().default(true).describe("end the episode when unhealthy"),
  healthyZRange: rangeOption.default([0.8, 2]).describe("of the torso's height, metres"),
  healthyAngleRange: rangeOption.default([-1, 1]).describe("of the torso's angle, radians"),
  resetNoiseScale: resetNoiseOption(5e-3),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  timeLimit: timeLimitOption(1000),
});

/** Options of Walker2d-v5, named as Gymnasium's constructor names them. */
export type Walker2dOptions = z.output<typeof config>;

const SPEED_LIMIT = 10;

function walker2dTask(options: Walker2dOptions): MujocoTask {
  return {
    id: "Walker2d-v5",
    model: walker2dModel,
    frameSkip: options.frameSkip,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: uniformAround(random, new Float64Array(nv), options.resetNoiseScale),
    }),
    observe: (simulation) =>
      positionsAndVelocities(simulation, options.excludeCurrentPositionsFromObservation ? 1 : 0, SPEED_LIMIT),
    track: (simulation) => simulation.view("qpos").slice(0, 1),
    judge({ simulation, action, before, after, duration }) {
      const velocity = (after[0]! - before[0]!) / duration;
      const healthy = isHealthy(simulation, options);
      const forward = options.forwardRewardWeight * velocity;
      const survive = healthy ? options.healthyReward : 0;
      const control = controlCost(action, options.ctrlCostWeight);
      return {
        reward: forward + survive - control,
        terminated: options.terminateWhenUnhealthy && !healthy,
        info: {
          ...position(simulation),
          x_velocity: velocity,
          reward_forward: forward,
          reward_ctrl: -control,
          reward_survive: survive,
        },
      };
    },
    resetInfo: position,
  };
}

function isHealthy(simulation: Simulation, options: Walker2dOptions): boolean {
  const qpos = simulation.view("qpos");
  return strictlyInside(qpos[1]!, options.healthyZRange) && strictlyInside(qpos[2]!, options.healthyAngleRange);
}

function position(simulation: Simulation): { x_position: number; z_distance_from_origin: number } {
  const qpos = simulation.view("qpos");
  return { x_position: qpos[0]!, z_distance_from_origin: qpos[1]! - simulation.qpos0[1]! };
}

/** Walker2d-v5: a planar two-legged robot walks forward; it ends when it falls. Source: Gymnasium 1.4.0. */
export const walker2d = defineComponent({
  kind: EnvironmentSource,
  type: "walker2d",
  summary: "Walker2d-v5: a planar two-legged robot walks forward, until it falls",
  config,
  create: (options) => mujocoFactory(walker2dTask(options), options.timeLimit, { type: "walker2d", options }),
});
