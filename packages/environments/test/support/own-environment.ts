import { defineComponent, EnvironmentSource } from "@lowerbound/core";
import { environmentFactory } from "@lowerbound/environments";
import { z } from "zod";

const own = defineComponent({
  kind: EnvironmentSource,
  type: "own",
  summary: "an environment that a user defined",
  config: z.object({ timeLimit: z.int().positive() }),
  create: ({ timeLimit }) => environmentFactory("pendulum", { timeLimit }),
});

export const environmentComponents = [own];
