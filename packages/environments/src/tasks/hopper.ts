import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { hopperModel } from "../mujoco/models/hopper.js";
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
  healthyStateRange: rangeOption.default([-100, 100]).describe("of all positions but the first two, and velocities"),
  healthyZRange: rangeOption.default([0.7, null]).describe("of the torso's height, metres"),
  healthyAngleRange: rangeOption.default([-0.2, 0.2]).describe("of the torso's angle, radians"),
  resetNoiseScale: resetNoiseOption(5e-3),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  timeLimit: timeLimitOption(1000),
});

/** Options of Hopper-v5, named as Gymnasium's constructor names them. */
export type HopperOptions = z.output<typeof config>;

const SPEED_LIMIT = 10;

function hopperTask(options: HopperOptions): MujocoTask {
  return {
    id: "Hopper-v5",
    model: hopperModel,
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

function isHealthy(simulation: Simulation, options: HopperOptions): boolean {
  const qpos = simulation.view("qpos");
  const inRange = (value: number) => strictlyInside(value, options.healthyStateRange);
  return (
    qpos.subarray(2).every(inRange) &&
    simulation.view("qvel").every(inRange) &&
    strictlyInside(qpos[1]!, options.healthyZRange) &&
    strictlyInside(qpos[2]!, options.healthyAngleRange)
  );
}

function position(simulation: Simulation): { x_position: number; z_distance_from_origin: number } {
  const qpos = simulation.view("qpos");
  return { x_position: qpos[0]!, z_distance_from_origin: qpos[1]! - simulation.qpos0[1]! };
}

/** Hopper-v5: a one-legged robot hops forward; it ends when it falls. Source: Gymnasium 1.4.0. */
export const hopper = defineComponent({
  kind: EnvironmentSource,
  type: "hopper",
  summary: "Hopper-v5: a one-legged robot hops forward, until it falls",
  config,
  create: (options) => mujocoFactory(hopperTask(options), options.timeLimit, { type: "hopper", options }),
});
