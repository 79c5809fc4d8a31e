import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { hopperModel } from "../mujoco/models/hopper.js";
import { rangeOption } from "../mujoco/options.js";
import { planarWalkerShape, planarWalkerTask } from "../mujoco/planar-walker.js";
import { type Range, strictlyInside } from "../mujoco/reward-terms.js";
import type { Simulation } from "../mujoco/simulation.js";

const config = z.object({
  ...planarWalkerShape([0.7, null], [-0.2, 0.2]),
  healthyStateRange: rangeOption.default([-100, 100]).describe("of all positions but the first two, and velocities"),
});

/** Options of Hopper-v5, named as Gymnasium's constructor names them. */
export type HopperOptions = z.output<typeof config>;

const stateWithin = (range: Range) => (simulation: Simulation) =>
  [...simulation.view("qpos").subarray(2), ...simulation.view("qvel")].every((value) => strictlyInside(value, range));

/** Hopper-v5: a one-legged robot hops forward; it ends when it falls. Source: Gymnasium 1.4.0. */
export const hopper = defineComponent({
  kind: EnvironmentSource,
  type: "hopper",
  summary: "Hopper-v5: a one-legged robot hops forward, until it falls",
  config,
  create: (options) => {
    const robot = { id: "Hopper-v5", model: hopperModel, alsoHealthy: stateWithin(options.healthyStateRange) };
    return mujocoFactory(planarWalkerTask(robot, options), options.timeLimit, { type: "hopper", options });
  },
});
