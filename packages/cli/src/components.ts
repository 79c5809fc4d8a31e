import type { AnyComponent } from "@lowerbound/core";
import { loadPlugins } from "./plugins.js";

/** The standard components and those of plug-ins; loaded on demand, so that help and errors are quick. */
export async function loadComponents(plugins: readonly string[]): Promise<readonly AnyComponent[]> {
  const { standardComponents } = await import("@lowerbound/standard");
  return [...standardComponents, ...(await loadPlugins(plugins))];
}
