import { defineComponent, EnvironmentSource, type Random } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { reacherModel } from "../mujoco/models/reacher.js";
import { frameSkipOption, timeLimitOption, weightOption } from "../mujoco/options.js";
import { controlCost } from "../mujoco/reward-terms.js";
import type { Simulation } from "../mujoco/simulation.js";
import type { MujocoTask } from "../mujoco/task.js";
import { angleOf, type MechanicalState, uniformAround } from "../task.js";

const config = z.object({
  frameSkip: frameSkipOption(2),
  rewardDistWeight: weightOption(1, "the distance from the target"),
  rewardControlWeight: weightOption(1, "the squared action"),
  timeLimit: timeLimitOption(50),
});

/** Options of Reacher-v5, named as Gymnasium's constructor names them. */
export type ReacherOptions = z.output<typeof config>;

const REACH = 0.2;

function reacherTask(options: ReacherOptions): MujocoTask {
  return {
    id: "Reacher-v5",
    model: reacherModel,
    frameSkip: options.frameSkip,
    drawState,
    observe,
    stateOf,
    track: () => new Float64Array(0),
    judge({ simulation, action }) {
      const distance = -options.rewardDistWeight * Math.hypot(...toTarget(simulation));
      const control = -controlCost(action, options.rewardControlWeight);
      return {
        reward: distance + control,
        terminated: false,
        info: { reward_dist: distance, reward_ctrl: control },
      };
    },
  };
}

function drawState(random: Random, { qpos0, nv }: Simulation): MechanicalState {
  const qpos = uniformAround(random, qpos0, 0.1);
  qpos.set(drawTarget(random), 2);
  const qvel = uniformAround(random, new Float64Array(nv), 0.005);
  qvel.fill(0, 2);
  return { qpos, qvel };
}

/** Uniform on the disc that the arm reaches. */
function drawTarget(random: Random): Float64Array {
  for (;;) {
    const target = uniformAround(random, [0, 0], REACH);
    if (Math.hypot(...target) < REACH) return target;
  }
}

function observe(simulation: Simulation): Float64Array {
  const [shoulder = 0, elbow = 0, targetX = 0, targetY = 0] = simulation.view("qpos");
  const [shoulderSpeed = 0, elbowSpeed = 0] = simulation.view("qvel");
  const [x, y] = toTarget(simulation);
  const angles = [Math.cos(shoulder), Math.cos(elbow), Math.sin(shoulder), Math.sin(elbow)];
  return Float64Array.of(...angles, targetX, targetY, shoulderSpeed, elbowSpeed, x, y);
}

/** Angles are told up to whole turns; the fingertip's place follows from them. */
function stateOf(observation: ArrayLike<number>): MechanicalState {
  const seen = Float64Array.from(observation);
  const [shoulder, elbow] = [angleOf(seen[0]!, seen[2]!), angleOf(seen[1]!, seen[3]!)];
  return {
    qpos: Float64Array.of(shoulder, elbow, seen[4]!, seen[5]!),
    qvel: Float64Array.of(seen[6]!, seen[7]!, 0, 0),
  };
}

/** Fingertip minus target, at the last Runge-Kutta stage as Gymnasium has it. */
function toTarget(simulation: Simulation): [number, number, number] {
  const xpos = simulation.view("xpos");
  const tip = 3 * simulation.bodyId("fingertip");
  const target = 3 * simulation.bodyId("target");
  const along = (axis: number) => xpos[tip + axis]! - xpos[target + axis]!;
  return [along(0), along(1), along(2)];
}

/** Reacher-v5: a two-jointed arm moves its tip to a target; it never terminates. Source: Gymnasium 1.4.0. */
export const reacher = defineComponent({
  kind: EnvironmentSource,
  type: "reacher",
  summary: "Reacher-v5: a two-jointed arm moves its tip to a random target, 50 steps",
  config,
  create: (options) => mujocoFactory(reacherTask(options), options.timeLimit, { type: "reacher", options }),
});
