import { z } from "zod";
import { uniformAround } from "../task.js";
import {
  excludePositionsOption,
  frameSkipOption,
  rangeOption,
  resetNoiseOption,
  timeLimitOption,
  weightOption,
} from "./options.js";
import {
  controlCost,
  positionsAndVelocities,
  type Range,
  stateOfPositionsAndVelocities,
  strictlyInside,
} from "./reward-terms.js";
import type { Simulation } from "./simulation.js";
import type { MujocoTask } from "./task.js";

/** Options that Hopper and Walker2d share, with what their torso's height and angle are held to. */
export const planarWalkerShape = (height: Range, angle: Range) => ({
  frameSkip: frameSkipOption(4),
  forwardRewardWeight: weightOption(1, "the forward velocity"),
  ctrlCostWeight: weightOption(1e-3, "the squared action"),
  healthyReward: z.number().default(1).describe("reward of a step that ends healthy"),
  terminateWhenUnhealthy: z.boolean().default(true).describe("end the episode when unhealthy"),
  healthyZRange: rangeOption.default([...height]).describe("of the torso's height, metres"),
  healthyAngleRange: rangeOption.default([...angle]).describe("of the torso's angle, radians"),
  resetNoiseScale: resetNoiseOption(5e-3),
  excludeCurrentPositionsFromObservation: excludePositionsOption,
  timeLimit: timeLimitOption(1000),
});

export type PlanarWalkerOptions = z.output<z.ZodObject<ReturnType<typeof planarWalkerShape>>>;

export interface PlanarWalker {
  readonly id: string;
  readonly model: string;
  /** What health asks for beside the torso's height and angle. */
  readonly alsoHealthy?: (simulation: Simulation) => boolean;
}

const SPEED_LIMIT = 10;

/** A robot in a plane that is rewarded for forward velocity and for staying upright. Source: Gymnasium 1.4.0. */
export function planarWalkerTask({ id, model, alsoHealthy }: PlanarWalker, options: PlanarWalkerOptions): MujocoTask {
  return {
    id,
    model,
    frameSkip: options.frameSkip,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: uniformAround(random, new Float64Array(nv), options.resetNoiseScale),
    }),
    observe: (simulation) =>
      positionsAndVelocities(simulation, options.excludeCurrentPositionsFromObservation ? 1 : 0, SPEED_LIMIT),
    stateOf: (observation, simulation) =>
      stateOfPositionsAndVelocities(observation, simulation, options.excludeCurrentPositionsFromObservation ? 1 : 0),
    track: (simulation) => simulation.view("qpos").slice(0, 1),
    judge({ simulation, action, before, after, duration }) {
      const velocity = (after[0]! - before[0]!) / duration;
      const healthy = isUpright(simulation, options) && (alsoHealthy?.(simulation) ?? true);
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

function isUpright(simulation: Simulation, { healthyZRange, healthyAngleRange }: PlanarWalkerOptions): boolean {
  const qpos = simulation.view("qpos");
  return strictlyInside(qpos[1]!, healthyZRange) && strictlyInside(qpos[2]!, healthyAngleRange);
}

function position(simulation: Simulation): { x_position: number; z_distance_from_origin: number } {
  const qpos = simulation.view("qpos");
  return { x_position: qpos[0]!, z_distance_from_origin: qpos[1]! - simulation.qpos0[1]! };
}
