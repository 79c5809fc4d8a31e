import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { invertedPendulumModel } from "../mujoco/models/inverted-pendulum.js";
import { frameSkipOption, resetNoiseOption, timeLimitOption } from "../mujoco/options.js";
import { positionsAndVelocities, stateOfPositionsAndVelocities } from "../mujoco/reward-terms.js";
import type { MujocoTask } from "../mujoco/task.js";
import { uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(2),
  resetNoiseScale: resetNoiseOption(0.01),
  timeLimit: timeLimitOption(1000),
});

/** Options of InvertedPendulum-v5, named as Gymnasium's constructor names them. */
export type InvertedPendulumOptions = z.output<typeof config>;

/** Radians. */
const LARGEST_ANGLE = 0.2;

function invertedPendulumTask(options: InvertedPendulumOptions): MujocoTask {
  return {
    id: "InvertedPendulum-v5",
    model: invertedPendulumModel,
    frameSkip: options.frameSkip,
    actionBound: 3,
    drawState: (random, { qpos0, nv }) => ({
      qpos: uniformAround(random, qpos0, options.resetNoiseScale),
      qvel: uniformAround(random, new Float64Array(nv), options.resetNoiseScale),
    }),
    observe: (simulation) => positionsAndVelocities(simulation, 0),
    stateOf: (observation, simulation) => stateOfPositionsAndVelocities(observation, simulation, 0),
    track: () => new Float64Array(0),
    judge({ simulation }) {
      const seen = positionsAndVelocities(simulation, 0);
      const terminated = !seen.every(Number.isFinite) || Math.abs(seen[1]!) > LARGEST_ANGLE;
      const reward = terminated ? 0 : 1;
      return { reward, terminated, info: { reward_survive: reward } };
    },
  };
}

/** InvertedPendulum-v5: a cart balances a pole; it ends when the pole leans. Source: Gymnasium 1.4.0. */
export const invertedPendulum = defineComponent({
  kind: EnvironmentSource,
  type: "inverted-pendulum",
  summary: "InvertedPendulum-v5: a cart balances a pole, until it leans by more than 0.2 rad",
  config,
  create: (options) =>
    mujocoFactory(invertedPendulumTask(options), options.timeLimit, { type: "inverted-pendulum", options }),
});
