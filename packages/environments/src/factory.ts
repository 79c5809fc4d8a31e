import type { EnvironmentFactory } from "@lowerbound/core";
import type { SimulatedEnvironment } from "./episodes.js";

/** What another thread needs to make the same environment. */
export interface EnvironmentRecipe {
  /** URL of a module that Node can import and that exports `environmentComponents`; this package where left out. */
  readonly module?: string;
  /** The component's type. */
  readonly type: string;
  /** Its options, as plain data. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A factory that worker threads can repeat. */
export interface PortableFactory extends EnvironmentFactory {
  readonly recipe: EnvironmentRecipe;
}

/** A portable factory of environments whose state can be set. */
export interface SimulatedFactory extends PortableFactory {
  create(): Promise<SimulatedEnvironment>;
}

export function isPortable(factory: EnvironmentFactory): factory is PortableFactory {
  return "recipe" in factory;
}
