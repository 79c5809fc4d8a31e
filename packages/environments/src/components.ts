import { ConfigError, type CreateContext, type EnvironmentFactory, nearest } from "@lowerbound/core";
import type { z } from "zod";
import { taskWord } from "./task-word.js";
import { ant } from "./tasks/ant.js";
import { halfCheetah } from "./tasks/half-cheetah.js";
import { hopper } from "./tasks/hopper.js";
import { invertedPendulum } from "./tasks/inverted-pendulum.js";
import { pendulum } from "./tasks/pendulum.js";
import { reacher } from "./tasks/reacher.js";
import { swimmer } from "./tasks/swimmer.js";
import { walker2d } from "./tasks/walker2d.js";

/** Every environment of this package. */
export const environmentComponents = [
  hopper,
  halfCheetah,
  walker2d,
  ant,
  invertedPendulum,
  reacher,
  swimmer,
  pendulum,
] as const;

const MAKERS = new Map<string, (options: unknown) => EnvironmentFactory>([
  maker(hopper),
  maker(halfCheetah),
  maker(walker2d),
  maker(ant),
  maker(invertedPendulum),
  maker(reacher),
  maker(swimmer),
  maker(pendulum),
]);

/**
 * The environment of a name: a component's type, a Gymnasium id or a dataset's name.
 *
 * `hopper`, `Hopper-v5`, `hopper-medium-replay-v2` and `mujoco/hopper/medium-v0` are all Hopper-v5. Versions are not
 * told apart: version 5 is the only one here.
 *
 * @throws ConfigError if no environment goes by the name or an option is wrong
 */
export function environmentFactory(name: string, options: Readonly<Record<string, unknown>> = {}): EnvironmentFactory {
  const type = environmentType(name);
  const make = type === undefined ? undefined : MAKERS.get(type);
  if (make !== undefined) return make(options);
  const types = [...MAKERS.keys()];
  const guess = nearest(name, types);
  throw new ConfigError(`no environment is called "${name}"`, {
    expected: `one of ${types.join(", ")}`,
    ...(guess === undefined ? {} : { remedy: `did you mean "${guess}"?` }),
  });
}

/** The type of the component that simulates the task of a dataset or Gymnasium id, if there is one. */
export function environmentType(name: string): string | undefined {
  const types = new Map([...MAKERS.keys()].map((type) => [type.replaceAll("-", ""), type]));
  return types.get(taskWord(name, (word) => types.has(word)) ?? "");
}

function maker(component: {
  readonly type: string;
  readonly config: z.ZodType;
  create(config: never, context: CreateContext): EnvironmentFactory;
}): [string, (options: unknown) => EnvironmentFactory] {
  return [component.type, (options) => component.create(parseOptions(component, options), NO_CONTEXT)];
}

function parseOptions({ type, config }: { type: string; config: z.ZodType }, options: unknown): never {
  const parsed = config.safeParse(options);
  if (parsed.success) return parsed.data as never;
  const [issue] = parsed.error.issues;
  throw new ConfigError(issue?.message ?? "not valid options", {
    where: ["environment", type, ...(issue?.path ?? [])].join("."),
  });
}

/** Environments depend on no other component. */
const NO_CONTEXT: CreateContext = {
  inject: ({ name }) => {
    throw new ConfigError(`there is no ${name} here`);
  },
  optional: () => undefined,
};
