import { ConfigError, type CreateContext, type EnvironmentFactory, type Policy } from "@lowerbound/core";
import { environmentFactory } from "../components.js";
import type { EnvironmentRecipe } from "../factory.js";
import type { PolicyRecipe } from "./messages.js";

/** The factory that a recipe describes, made in this thread. */
export async function factoryOf({ module, type, options }: EnvironmentRecipe): Promise<EnvironmentFactory> {
  if (module === undefined) return environmentFactory(type, options);
  const loaded: Readonly<Record<string, unknown>> = await import(module);
  const components = loaded.environmentComponents;
  const found = Array.isArray(components) ? components.find((each) => each?.type === type) : undefined;
  if (found === undefined) {
    throw new ConfigError(`the module exports no environment "${type}"`, {
      where: module,
      expected: "an array `environmentComponents` that holds it",
    });
  }
  return found.create(found.config.parse(options), NO_CONTEXT);
}

/** The policy that a recipe describes, made in this thread. */
export async function policyOf({ module, export: name, argument }: PolicyRecipe): Promise<Policy> {
  const loaded: Readonly<Record<string, unknown>> = await import(module);
  const make = loaded[name];
  if (typeof make !== "function") {
    throw new ConfigError(`the module exports no function "${name}"`, { where: module });
  }
  return make(argument);
}

/** A component made in another thread has no pipeline around it. */
const NO_CONTEXT: CreateContext = {
  inject: ({ name }) => {
    throw new ConfigError(`there is no ${name} in a worker thread`);
  },
  optional: () => undefined,
};
