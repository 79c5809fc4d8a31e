import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { antModel } from "../mujoco/models/ant.js";
import {
  excludePositionsOption,
  frameSkipOption,
  rangeOption,
  resetNoiseOption,
  timeLimitOption,
  weightOption,
} from "../mujoco/options.js";
import { clip, controlCost, positionsAndVelocities, stateOfPositionsAndVelocities } from "../mujoco/reward-terms.js";
import type { Simulation } from "../mujoco/simulation.js";
import type { MujocoTask } from "../mujoco/task.js";
import { normalNoise, uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(5),
  forwardRewardWeight: weightOption(1, "the forward velocity"),
  ctrlCostWeight: weightOption(0.5, "the squared action"),
  contactCostWeight: weightOption(5e-4, "the squared contact forces"),
  healthyReward: z.number().default(1).describe("reward of a step that ends healthy"),
  mainBody: z
    .union([z.int().nonnegative(), z.string()])
    .default(1)
    .describe("body whose velocity is rewarded, by number or name"),
  terminateWhenUnhealthy: z.boolean().default(true).describe("end the episode when unhealthy"),
  healthyZRange: rangeOption.default([0.2, 1]).describe("of the torso's height, metres, bounds included"),
  contactForceRange: rangeOption.default([-1, 1]).describe("to which contact forces are clipped"),
  resetNoiseScale: resetNoiseOption(0.1),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  includeCfrcExtInObservation: z.boolean().default(true).describe("show the contact forces"),
  timeLimit: timeLimitOption(1000),
});

/** Options of Ant-v5, named as Gymnasium's constructor names them. */
export type AntOptions = z.output<typeof config>;

/** Torque and force on one body. */
const WRENCH = 6;

function antTask(options: AntOptions): MujocoTask {
  return {
    id: "Ant-v5",
    model: antModel,
    frameSkip: options.frameSkip,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: normalNoise(random, nv, options.resetNoiseScale),
    }),
    observe: (simulation) => observe(simulation, options),
    // Contact forces follow from the state, so those of the observation are not read.
    stateOf: (observation, simulation) =>
      stateOfPositionsAndVelocities(observation, simulation, options.excludeCurrentPositionsFromObservation ? 2 : 0),
    // xpos, not qpos: Gymnasium takes the velocity from the last Runge-Kutta stage's position.
    track: (simulation) => {
      const body = typeof options.mainBody === "string" ? simulation.bodyId(options.mainBody) : options.mainBody;
      return simulation.view("xpos").slice(3 * body, 3 * body + 2);
    },
    judge({ simulation, action, before, after, duration }) {
      const [xVelocity = 0, yVelocity = 0] = after.map((value, i) => (value - before[i]!) / duration);
      const healthy = isHealthy(simulation, options);
      const forward = options.forwardRewardWeight * xVelocity;
      const survive = healthy ? options.healthyReward : 0;
      const control = controlCost(action, options.ctrlCostWeight);
      const forces = contactForces(simulation, options);
      const contact = options.contactCostWeight * forces.reduce((sum, force) => sum + force * force, 0);
      return {
        reward: forward + survive - (control + contact),
        terminated: options.terminateWhenUnhealthy && !healthy,
        info: {
          ...position(simulation),
          x_velocity: xVelocity,
          y_velocity: yVelocity,
          reward_forward: forward,
          reward_ctrl: -control,
          reward_contact: -contact,
          reward_survive: survive,
        },
      };
    },
    resetInfo: position,
  };
}

function observe(simulation: Simulation, options: AntOptions): Float64Array {
  const motion = positionsAndVelocities(simulation, options.excludeCurrentPositionsFromObservation ? 2 : 0);
  if (!options.includeCfrcExtInObservation) return motion;
  const forces = contactForces(simulation, options).subarray(WRENCH);
  const observation = new Float64Array(motion.length + forces.length);
  observation.set(motion);
  observation.set(forces, motion.length);
  return observation;
}

/** [14 bodies, 6]; the first row is the world's and always zero. */
function contactForces(simulation: Simulation, { contactForceRange: [low, high] }: AntOptions): Float64Array {
  return simulation.view("cfrc_ext").map((force) => clip(force, low ?? -Infinity, high ?? Infinity));
}

function isHealthy(simulation: Simulation, { healthyZRange: [low, high] }: AntOptions): boolean {
  const qpos = simulation.view("qpos");
  const height = qpos[2]!;
  const finite = qpos.every(Number.isFinite) && simulation.view("qvel").every(Number.isFinite);
  return finite && height >= (low ?? -Infinity) && height <= (high ?? Infinity);
}

function position(simulation: Simulation): { x_position: number; y_position: number; distance_from_origin: number } {
  const [x = 0, y = 0] = simulation.view("qpos");
  return { x_position: x, y_position: y, distance_from_origin: Math.hypot(x, y) };
}

/** Ant-v5: a four-legged robot walks forward; it ends when it jumps or lies. Source: Gymnasium 1.4.0. */
export const ant = defineComponent({
  kind: EnvironmentSource,
  type: "ant",
  summary: "Ant-v5: a four-legged robot walks forward, until it jumps or lies",
  config,
  create: (options) => mujocoFactory(antTask(options), options.timeLimit, { type: "ant", options }),
});
