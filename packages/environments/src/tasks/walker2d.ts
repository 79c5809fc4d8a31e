import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { z } from "zod";
import { mujocoFactory } from "../mujoco/factory.js";
import { walker2dModel } from "../mujoco/models/walker2d.js";
import { planarWalkerShape, planarWalkerTask } from "../mujoco/planar-walker.js";

const config = z.object(planarWalkerShape([0.8, 2], [-1, 1]));

/** Options of Walker2d-v5, named as Gymnasium's constructor names them. */
export type Walker2dOptions = z.output<typeof config>;

/** Walker2d-v5: a planar two-legged robot walks forward; it ends when it falls. Source: Gymnasium 1.4.0. */
export const walker2d = defineComponent({
  kind: EnvironmentSource,
  type: "walker2d",
  summary: "Walker2d-v5: a planar two-legged robot walks forward, until it falls",
  config,
  create: (options) => {
    const robot = { id: "Walker2d-v5", model: walker2dModel };
    return mujocoFactory(planarWalkerTask(robot, options), options.timeLimit, { type: "walker2d", options });
  },
});
