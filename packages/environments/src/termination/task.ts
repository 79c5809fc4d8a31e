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
  "inverted-pendulum": invertedPendulumTermination.create({}, ALONE),
  never: neverTermination.create({}, ALONE),
};

/** What observations of a length can grow to by parts that each may be left out. */
function lengthsWith(least: number, parts: readonly number[]): readonly number[] {
  const sums = new Set([least]);
  for (const part of parts) for (const sum of [...sums]) sums.add(sum + part);
  return [...sums].sort((a, b) => a - b);
}

/** Lengths of the observations that a rule was written for; any where left out. */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  hopper: [11],
  walker2d: [17],
  // Without contact forces; with them in Gymnasium from v5 on, and before.
  ant: [27, 105, 111],
  // Positions and velocities, with any of Gymnasium's four further parts from v5 on; all of it before.
  humanoid: [...lengthsWith(45, [130, 78, 17, 78]), 376],
  pen: [45],
  "inverted-pendulum": [4],
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
  invertedpendulum: "inverted-pendulum",
  humanoidstandup: "never",
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
 * does not get Ant's rule, unlike in OfflineRL-Kit, where its x position is taken for a height. Other tasks have such words
 * in their names, too (`dm_control/hopper-hop-v0`, `ant-maze`): a rule refuses observations of a length that it was not
 * written for.
 *
 * @throws ConfigError if no rule is known for the task; from the rule, for observations of another length
 */
export function terminationFor(environmentId: string): Termination {
  const word = taskWord(environmentId, (each) => Object.hasOwn(RULE_OF_WORD, each));
  const type = word === undefined ? "" : (RULE_OF_WORD[word] ?? "");
  const rule = RULES[type];
  if (rule !== undefined) return ofItsLengths(environmentId, type, rule);
  throw new ConfigError(`no termination rule is known for "${environmentId}"`, {
    where: "termination.type",
    expected: `a rule's own type; tasks with a rule: ${Object.keys(RULE_OF_WORD).join(", ")}`,
    remedy: 'set termination to { type: "never" } if the task never ends, or register a rule of your own',
  });
}

/** A rule found by a name, which refuses observations that it cannot have been written for. */
function ofItsLengths(environmentId: string, type: string, { terminated }: Termination): Termination {
  const lengths = LENGTHS[type];
  if (lengths === undefined) return { terminated };
  return {
    terminated: (inputs) => {
      const length = inputs.nextObservation.shape[1]!;
      if (lengths.includes(length)) return terminated(inputs);
      throw new ConfigError(
        `"${environmentId}" has the rule "${type}" by its name, and observations of length ${length}`,
        {
          where: "termination.type",
          expected: `observations of length ${lengths.join(" or ")}, the entries in the order of Gymnasium's task`,
          remedy: `set termination to { type: "never" } if the task never ends, to { type: "${type}" } if that rule fits all the same, or register a rule of your own`,
        },
      );
    },
  };
}

function ruleOf(environmentId: string | undefined): Termination {
  if (environmentId !== undefined) return terminationFor(environmentId);
  throw new ConfigError("the dataset does not say which environment it is of", {
    where: "termination.environment",
    expected: "the environment's name, as in Hopper-v5",
    remedy:
      "set termination.environment, or termination.type to a rule: --termination never where episodes never end by themselves",
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
