// tsyringe throws unless this is loaded before it, in the module that imports it.
import "reflect-metadata";
import { type DependencyContainer, instancePerContainerCachingFactory, container as root } from "tsyringe";
import { ConfigError } from "../errors.js";
import type { AnyComponent, CreateContext } from "./component.js";
import type { Kind } from "./kind.js";
import { madeBy } from "./made-by.js";
import { mapSlots } from "./map-slots.js";
import type { ParsedComponent, ParsedConfig } from "./parse-config.js";
import type { Registry } from "./registry.js";

/** The made components of one pipeline. */
export interface Scope {
  inject<T>(kind: Kind<string, T>): T;
  has(kind: Kind<string, unknown>): boolean;
  /** Whether a made component took it. */
  taken(kind: Kind<string, unknown>): boolean;
  /** Make every configured component now, so that what is missing shows before anything runs. */
  resolveAll(): void;
  /** Dispose of or close every made component, newest first. */
  dispose(): Promise<void>;
}

/** Make the components of a configuration, each on first use and once. */
export function createScope(registry: Registry, config: ParsedConfig): Scope {
  const container = root.createChildContainer();
  const made: unknown[] = [];
  const path: string[] = [];
  const taken = new Set<symbol>();
  const inject: CreateContext["inject"] = (kind) => {
    if (path.length > 0) taken.add(kind.token);
    return resolve(container, kind, path);
  };
  const context: CreateContext = { inject, optional: (kind) => (has(kind) ? inject(kind) : undefined) };
  const has = (kind: Kind<string, unknown>) => container.isRegistered(kind.token);
  const make = (component: AnyComponent, parsed: ParsedComponent, scope: DependencyContainer): unknown => {
    const { type, ...options } = parsed;
    const filled = mapSlots(component.config, options, [component.kind.name], (kind, nested) =>
      makeNested(kind, nested as ParsedComponent, scope),
    );
    const product = madeBy(component, filled, context);
    made.push(product);
    return product;
  };
  const makeNested = (kind: Kind<string, unknown>, parsed: ParsedComponent, parent: DependencyContainer): unknown => {
    const scope = parent.createChildContainer();
    const component = registry.find(kind.name, parsed.type, kind.name);
    scope.register(kind.token, {
      useFactory: instancePerContainerCachingFactory(() => make(component, parsed, scope)),
    });
    return scope.resolve(kind.token);
  };
  for (const [kindName, parsed] of Object.entries(config.parts)) {
    const component = registry.find(kindName, parsed.type, kindName);
    const useFactory = instancePerContainerCachingFactory(() => make(component, parsed, container));
    container.register(component.kind.token, { useFactory });
  }
  return {
    inject,
    has,
    taken: ({ token }) => taken.has(token),
    resolveAll: () => {
      for (const kind of registry.kinds) if (has(kind)) inject(kind);
    },
    dispose: () => disposeAll(made),
  };
}

function resolve<T>(container: DependencyContainer, kind: Kind<string, T>, path: string[]): T {
  if (!container.isRegistered(kind.token)) {
    throw new ConfigError(`no ${kind.name} is configured`, {
      where: path.at(-1) ?? "pipeline",
      expected: `${kind.name}: ${kind.summary}`,
      remedy: `add "${kind.name}: { type: ... }" to the configuration ("lowerbound components ${kind.name}" lists them)`,
    });
  }
  if (path.includes(kind.name)) {
    throw new ConfigError("components need each other in a cycle", { where: [...path, kind.name].join(" -> ") });
  }
  path.push(kind.name);
  try {
    return container.resolve<T>(kind.token);
  } finally {
    path.pop();
  }
}

async function disposeOf(product: unknown): Promise<void> {
  if (typeof product !== "object" || product === null) return;
  if ("dispose" in product && typeof product.dispose === "function") await product.dispose();
  else if ("close" in product && typeof product.close === "function") await product.close();
}

/** Every one, even if some fail. @throws what the first that failed threw */
async function disposeAll(made: unknown[]): Promise<void> {
  const failures: unknown[] = [];
  for (const product of made.splice(0).reverse()) {
    try {
      await disposeOf(product);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
