import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { withEpisodes } from "../episodes.js";
import type { SimulatedFactory } from "../factory.js";
import { timeLimitOption } from "../mujoco/options.js";
import { clip } from "../mujoco/reward-terms.js";
import { angleOf, box, stateArray, type Task, type TaskStep, uniformAround } from "../task.js";

const config = z.object({
  g: z.number().default(10).describe("gravity, metres per second squared"),
  timeLimit: timeLimitOption(200),
});

/** Options of Pendulum-v1, named as Gymnasium's constructor names them. */
export type PendulumOptions = z.output<typeof config>;

/** Seconds. */
const DURATION = 0.05;
const MAX_SPEED = 8;
const MAX_TORQUE = 2;
const TURN = 2 * Math.PI;

/** theta is 0 upright, radians, never wrapped; mass and length are 1. */
function pendulumTask({ g }: PendulumOptions): Task {
  let theta = 0;
  let velocity = 0;
  const observe = () => Float64Array.of(Math.cos(theta), Math.sin(theta), velocity).map(Math.fround);
  const write = ({ qpos, qvel }: { qpos: Float64Array; qvel: Float64Array }) => {
    theta = qpos[0] ?? 0;
    velocity = qvel[0] ?? 0;
  };
  return {
    id: "Pendulum-v1",
    observationSpace: { shape: [3], low: Float64Array.of(-1, -1, -8), high: Float64Array.of(1, 1, 8) },
    actionSpace: box(1, -MAX_TORQUE, MAX_TORQUE),
    drawState: (random) => {
      const [angle = 0, speed = 0] = uniformAround(random, [0, 0], 1);
      return { qpos: Float64Array.of(Math.PI * angle), qvel: Float64Array.of(speed) };
    },
    resetTo: (state) => {
      write(state);
      return observe();
    },
    // theta is told up to whole turns, to the float32 precision of its cosine and sine.
    stateOf: (observation) => ({
      qpos: Float64Array.of(angleOf(observation[0]!, observation[1]!)),
      qvel: Float64Array.of(observation[2]!),
    }),
    resetInfo: () => ({}),
    step([action = 0]): TaskStep {
      const torque = clip(action, -MAX_TORQUE, MAX_TORQUE);
      const cost = wrap(theta) ** 2 + 0.1 * velocity ** 2 + effort(torque);
      const push = ((3 * g) / 2) * Math.sin(theta) + Math.fround(3 * torque);
      velocity = clip(velocity + push * DURATION, -MAX_SPEED, MAX_SPEED);
      theta += velocity * DURATION;
      return { observation: observe(), reward: -cost, terminated: false, info: {} };
    },
    readState: () => ({ qpos: Float64Array.of(theta), qvel: Float64Array.of(velocity) }),
    writeState: (state) => write({ qpos: stateArray(state, "qpos"), qvel: stateArray(state, "qvel") }),
    close: () => {},
  };
}

/** numpy keeps a float32 action's square and its weight in float32. */
function effort(torque: number): number {
  return Math.fround(Math.fround(0.001) * Math.fround(torque * torque));
}

function wrap(angle: number): number {
  const turned = (angle + Math.PI) % TURN;
  return (turned < 0 ? turned + TURN : turned) - Math.PI;
}

/** Pendulum-v1: swing a pendulum up and hold it; it never terminates. Source: Gymnasium 1.4.0. */
export const pendulum = defineComponent({
  kind: EnvironmentSource,
  type: "pendulum",
  summary: "Pendulum-v1: swing a pendulum up and hold it, 200 steps; plain code, no MuJoCo",
  config,
  create: (options): SimulatedFactory => ({
    id: "Pendulum-v1",
    recipe: { type: "pendulum", options },
    create: async () => withEpisodes(pendulumTask(options), options.timeLimit),
  }),
});
