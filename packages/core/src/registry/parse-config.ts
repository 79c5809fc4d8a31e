import { z } from "zod";
import { ConfigError } from "../errors.js";
import { checkKeys, unknownKey } from "./check-keys.js";
import type { AnyComponent } from "./component.js";
import { expectedAt } from "./expected-at.js";
import { mapSlots } from "./map-slots.js";
import type { Registry } from "./registry.js";

/** `{ type, ...options }` with every default filled in; nested components likewise. Plain JSON. */
export interface ParsedComponent {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A whole configuration with every default filled in. */
export interface ParsedConfig {
  readonly seed: number;
  readonly parts: Readonly<Record<string, ParsedComponent>>;
}

const Seed = z.int().nonnegative().default(0);

/** Check a configuration against the registered components. @throws ConfigError naming the path and the remedy. */
export function parseConfig(registry: Registry, raw: unknown): ParsedConfig {
  if (!isRecord(raw)) throw new ConfigError("the configuration is not an object", { expected: "one entry a kind" });
  const names = registry.kinds.map((kind) => kind.name);
  for (const key of Object.keys(raw)) {
    if (key !== "seed" && !names.includes(key)) throw unknownKey(key, key, ["seed", ...names]);
  }
  const seed = Seed.safeParse(raw.seed);
  if (!seed.success) throw new ConfigError("not a seed", { where: "seed", expected: "a non-negative integer" });
  const parts: Record<string, ParsedComponent> = {};
  for (const kind of registry.kinds) {
    const fallback = registry.ofKind(kind.name).some((each) => each.type === kind.default) ? kind.default : undefined;
    const chosen = raw[kind.name] ?? (fallback === undefined ? undefined : { type: fallback });
    if (chosen !== undefined) parts[kind.name] = parseComponent(registry, kind.name, chosen, [kind.name]);
  }
  return { seed: seed.data, parts };
}

function parseComponent(registry: Registry, kindName: string, raw: unknown, path: readonly string[]): ParsedComponent {
  const where = path.join(".");
  if (!isRecord(raw) || typeof raw.type !== "string") {
    const types = registry.ofKind(kindName).map((each) => each.type);
    throw new ConfigError(`not a ${kindName}`, { where, expected: `{ type: ${types.join(" | ")}, ...options }` });
  }
  const component = registry.find(kindName, raw.type, `${where}.type`);
  const { type, ...options } = raw;
  checkKeys(component.config, options, path, ["type"]);
  const parsed = component.config.safeParse(options);
  if (!parsed.success) throw invalidOption(component, where, parsed.error);
  const nested = mapSlots(component.config, parsed.data, path, (kind, value, at) =>
    parseComponent(registry, kind.name, value, at),
  );
  return { type: component.type, ...(isRecord(nested) ? nested : {}) };
}

function invalidOption(component: AnyComponent, where: string, error: z.ZodError): ConfigError {
  const issue = error.issues[0];
  const path = issue?.path.map(String) ?? [];
  return new ConfigError(issue?.message ?? "invalid", {
    where: [where, ...path].join("."),
    ...(path.length === 0 ? {} : expectedAt(component.config, path)),
    remedy: ownRemedy(issue) ?? `see "lowerbound components ${component.kind.name} ${component.type}"`,
  });
}

/** What a schema's own rule says to do: `params: { remedy }` of its issue. */
function ownRemedy(issue: z.core.$ZodIssue | undefined): string | undefined {
  const remedy: unknown = issue?.code === "custom" ? issue.params?.remedy : undefined;
  return typeof remedy === "string" ? remedy : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
