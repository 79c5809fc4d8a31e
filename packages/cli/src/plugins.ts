import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type AnyComponent, ConfigError, FileError, LowerboundError } from "@lowerbound/core";
import { createJiti } from "jiti";
import { z } from "zod";

const ComponentShape = z.object({
  kind: z.object({ name: z.string(), token: z.symbol() }),
  type: z.string(),
  summary: z.string(),
  config: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject),
  create: z.custom<AnyComponent["create"]>((value) => typeof value === "function"),
});

/**
 * Load components from plug-ins: a TypeScript or JavaScript file, or an installed package; one named twice loads once.
 *
 * TensorFlow.js, zod, and of the library `core`, `datasets` and `planners` resolve to the copies of this process, so that
 * a plug-in's tensors and schemas are the pipeline's, and its file may lie anywhere. JavaScript modules with copies of their own
 * beside them are Node's to import, and take those.
 * @throws FileError for a missing file, ConfigError for one without components or that fails to load
 */
export async function loadPlugins(names: readonly string[]): Promise<readonly AnyComponent[]> {
  if (names.length === 0) return [];
  const jiti = createJiti(pathToFileURL(resolve("lowerbound.config.js")).href, {
    fsCache: false,
    interopDefault: false,
    virtualModules: await sharedModules(),
  });
  const components: AnyComponent[] = [];
  for (const name of onePerId(names)) components.push(...(await loadPlugin(name, (id) => jiti.import(id))));
  return components;
}

/** Paths as absolute ones, names of packages unchanged: what a resumed run needs. */
export function pluginId(name: string): string {
  return isPath(name) ? resolve(name) : name;
}

/** Names of plug-ins, the first of those that mean the same one. */
function onePerId(names: readonly string[]): readonly string[] {
  const ids = names.map(pluginId);
  return names.filter((_, i) => ids.indexOf(ids[i]!) === i);
}

const isPath = (name: string): boolean => name.startsWith(".") || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);

async function loadPlugin(name: string, load: (id: string) => Promise<unknown>): Promise<readonly AnyComponent[]> {
  const id = pluginId(name);
  if (isPath(name) && !existsSync(id)) {
    throw new FileError("no such plug-in", { where: id, remedy: "check the path given to --plugin" });
  }
  const loaded = await importPlugin(name, id, load);
  const exported = typeof loaded === "object" && loaded !== null ? Object.values(loaded) : [];
  const found = [...new Set(exported.flat())].filter((each) => isComponent(each, name));
  if (found.length > 0) return found;
  throw new ConfigError("the plug-in exports no component", { where: name, ...exportsExpected });
}

const exportsExpected = {
  expected: "an export made by defineComponent, or a list of them",
  remedy: "write export default defineComponent({ ... })",
};

async function importPlugin(name: string, id: string, load: (id: string) => Promise<unknown>): Promise<unknown> {
  try {
    return await load(id);
  } catch (cause) {
    if (cause instanceof LowerboundError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the plug-in cannot be loaded: ${reason}`, {
      where: name,
      remedy: isPath(name) ? "correct the file" : `install it, npm install ${name}, or write ./${name} for a file`,
      cause,
    });
  }
}

/** @throws ConfigError for what has a component's `kind` and `create`, and is none: left out, it would be missed where it is named */
function isComponent(value: unknown, plugin: string): value is AnyComponent {
  const { success, error } = ComponentShape.safeParse(value);
  if (success) return true;
  if (typeof value !== "object" || value === null || !("create" in value && "kind" in value)) return false;
  const called = "type" in value ? ` "${value.type}"` : "";
  const entry = error.issues[0]?.path.join(".");
  throw new ConfigError(`the export${called} is no component: see its ${entry}`, { where: plugin, ...exportsExpected });
}

async function sharedModules(): Promise<Record<string, unknown>> {
  const [core, datasets, planners, tfjs, zod] = await Promise.all([
    import("@lowerbound/core"),
    import("@lowerbound/datasets"),
    import("@lowerbound/planners"),
    import("@tensorflow/tfjs"),
    import("zod"),
  ]);
  const own = { "@lowerbound/core": core, "@lowerbound/datasets": datasets, "@lowerbound/planners": planners };
  return { ...own, "@tensorflow/tfjs": tfjs, zod, "zod/v4": zod };
}
