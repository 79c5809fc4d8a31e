import { ConfigError, type CreateContext, defineComponent, Termination } from "@lowerbound/core";
import { z } from "zod";
import { taskWord } from "../task-word.js";
import { antTermination } from "./ant.js";
import { halfCheetahTermination } from "./half-cheetah.js";
import { hopperTermination } from "./hopper.js";
import { humanoidTermination } from "./humanoid.js";
import { invertedPendulumTermination } from "./inverted-pendulum.js";
import { neverTermination } from "./never.js";
import { penTermination } from "./pen.js";
import { walker2dTermination } from "./walker2d.js";

const config = z.object({
  environment: z
    .string()
    .optional()
    .describe("environment or dataset whose rule to use; the dataset's own environment where left out"),
});

/** Rules depend on no other component. */
const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new ConfigError(`there is no ${name} here`);
  },
  optional: () => undefined,
};

const RULES: Readonly<Record<string, Termination>> = {
  hopper: hopperTermination.create({ publicRule: false }, ALONE),
  walker2d: walker2dTermination.create({}, ALONE),
  halfcheetah: halfCheetahTermination.create({}, ALONE),
  ant: antTermination.create({}, ALONE),
  humanoid: humanoidTermination.create({}, ALONE),
  pen: penTermination.create({}, ALONE),
  invertedpendulum: invertedPendulumTermination.create({}, ALONE),
  never: neverTermination.create({}, ALONE),
};

/** Words of environment and dataset names, and the rule each stands for. */
const RULE_OF_WORD: Readonly<Record<string, string>> = {
  hopper: "hopper",
  hopperangle: "hopper",
  walker2d: "walker2d",
  halfcheetah: "halfcheetah",
  ant: "ant",
  antangle: "ant",
  humanoid: "humanoid",
  pen: "pen",
  invertedpendulum: "invertedpendulum",
  door: "never",
  halfcheetahveljump: "never",
  pendulum: "never",
  point2denv: "never",
  point2dwallenv: "never",
  reacher: "never",
  swimmer: "never",
};

/**
 * The termination rule of a task, by the name of its environment or of a dataset of it.
 *
 * `Hopper-v5`, `hopper-medium-replay-v2` and `mujoco/hopper/medium-v0` have Hopper's. Whole words count, so antmaze
 * does not get Ant's rule, unlike in OfflineRL-Kit, where its x position is taken for a height.
 *
 * @throws ConfigError if no rule is known for the task
 */
export function terminationFor(environmentId: string): Termination {
  const word = taskWord(environmentId, (each) => Object.hasOwn(RULE_OF_WORD, each));
  const rule = word === undefined ? undefined : RULES[RULE_OF_WORD[word] ?? ""];
  if (rule !== undefined) return rule;
  throw new ConfigError(`no termination rule is known for "${environmentId}"`, {
    where: "termination.type",
    expected: `a rule's own type; tasks with a rule: ${Object.keys(RULE_OF_WORD).join(", ")}`,
    remedy: 'set termination to { type: "never" } if the task never ends, or register a rule of your own',
  });
}

function ruleOf(environmentId: string | undefined): Termination {
  if (environmentId !== undefined) return terminationFor(environmentId);
  throw new ConfigError("the dataset does not say which environment it is of", {
    where: "termination.environment",
    expected: "the environment's name, as in Hopper-v5",
    remedy: "set termination.environment, or termination.type to a rule",
  });
}

/** Whichever rule belongs to the dataset's environment. */
export const taskTermination = defineComponent({
  kind: Termination,
  type: "task",
  summary: "the rule of the dataset's environment",
  config,
  create: ({ environment }): Termination => ({
    terminated: (inputs) => ruleOf(environment).terminated(inputs),
    for: (environmentId) => ruleOf(environment ?? environmentId),
  }),
});
