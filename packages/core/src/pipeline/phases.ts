import type { Dataset, DatasetInfo } from "../contracts/dataset.js";
import type { Engine } from "../contracts/engine.js";
import { type FitContext, type Fitted, isFittable, type Json } from "../contracts/fit.js";
import type { Run } from "../contracts/run.js";
import { ConfigError } from "../errors.js";
import type { AnyComponent } from "../registry/component.js";
import type { Kind } from "../registry/kind.js";
import { mapSlots } from "../registry/map-slots.js";
import type { ParsedComponent, ParsedConfig } from "../registry/parse-config.js";
import type { Registry } from "../registry/registry.js";
import { Random } from "../rng/random.js";
import { countOf, type HeldOut, holdOut } from "./hold-out.js";

type JsonObject = { readonly [key: string]: Json };

/** A configured kind, what it requires, and its made component. */
export interface Part {
  readonly kind: Kind<string, unknown>;
  readonly requires: readonly Kind<string, unknown>[];
  readonly product: unknown;
}

/** The kinds that a configured component says it needs, the components nested in its options included. */
export function requirementsOf(
  registry: Registry,
  component: AnyComponent,
  options: object,
): readonly Kind<string, unknown>[] {
  const { requires = [] } = component;
  const found = [...(typeof requires === "function" ? requires(options as never) : requires)];
  mapSlots(component.config, options, [], (kind, nested) => {
    const parsed = nested as ParsedComponent;
    found.push(...requirementsOf(registry, registry.find(kind.name, parsed.type, kind.name), parsed));
    return nested;
  });
  return [...new Set(found)];
}

/** Parts in an order in which every part comes after what it requires. @throws ConfigError on a cycle. */
export function inOrder(parts: readonly Part[]): readonly Part[] {
  const done: Part[] = [];
  const visit = (part: Part, path: readonly string[]): void => {
    if (done.includes(part)) return;
    const name = part.kind.name;
    if (path.includes(name))
      throw new ConfigError("fit phases need each other in a cycle", { where: path.join(" -> ") });
    for (const required of part.requires) {
      const other = parts.find((each) => each.kind.token === required.token);
      if (other !== undefined) visit(other, [...path, name]);
    }
    done.push(part);
  };
  for (const part of parts) visit(part, []);
  return done;
}

export interface FitPhases {
  readonly registry: Registry;
  readonly config: ParsedConfig;
  readonly run: Run;
  readonly dataset: Dataset;
  readonly engine: Engine;
}

/** What the fit phases left behind, by kind, with the seconds each took (0 when shared from another run). */
export interface FittedParts {
  readonly fitted: ReadonlyMap<string, Fitted>;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Run every fit phase in order; each result is filed under a hash of all that decides it. */
export async function runFitPhases(parts: readonly Part[], context: FitPhases): Promise<FittedParts> {
  const { config, run, dataset, engine } = context;
  const fitted = new Map<string, Fitted>();
  const addresses = new Map<string, string>();
  const seconds: Record<string, number> = {};
  const anew = new Set<string>();
  const { fingerprint } = await dataset.info();
  const share = heldOutShare(parts);
  const source = { fingerprint, seed: config.seed, engine: engine.name };
  const split = await splitOf(parts, dataset, config.seed);
  for (const { kind, requires, product } of inOrder(parts)) {
    const needs = requires.map((required) => addresses.get(required.name) ?? "");
    const own = { kind: kind.name, options: decidingOptions(config.parts[kind.name] as JsonObject, product) };
    const asked = askedOf(parts, kind.name);
    // A part without a fit phase has an address too: what is fitted to a penalty depends on which one it is.
    if (!isFittable(product)) {
      addresses.set(kind.name, await hash({ ...own, needs }));
      continue;
    }
    // What was fitted to a part that is fitted anew is fitted anew as well.
    const filed = requires.some(({ name }) => anew.has(name)) ? undefined : await run.filed?.(kind.name);
    if (filed === undefined) anew.add(kind.name);
    const address = filed ?? (await hash({ ...own, ...source, needs, ...decidingBesides(share, asked) }));
    addresses.set(kind.name, address);
    const started = performance.now();
    const given = { ...learningFrom(split), ...(asked.length === 0 ? {} : { asked }), engine };
    const random = Random.fromSeed(config.seed).stream(kind.name);
    const result = await run.fitted(kind.name, address, (handle) =>
      product.fit({ ...given, random, run: handle, fitted: (name) => fittedOf(fitted, name) }),
    );
    seconds[kind.name] = (performance.now() - started) / 1000;
    fitted.set(kind.name, result);
  }
  return { fitted, seconds };
}

const learningFrom = ({ fitting, heldOut }: Split): Pick<FitContext, "dataset" | "heldOut"> => ({
  dataset: fitting,
  ...(heldOut === undefined ? {} : { heldOut }),
});

/** A part's options less those that its fit does not heed. */
function decidingOptions(options: JsonObject, product: unknown): JsonObject {
  const unheeded = isFittable(product) ? (product.mayGrow ?? []) : [];
  return Object.fromEntries(Object.entries(options).filter(([name]) => !unheeded.includes(name)));
}

/** What else decides over a fit; nothing where nothing does, so that addresses stay what they were. */
const decidingBesides = (heldOut: number, asked: readonly string[]): JsonObject => ({
  ...(heldOut === 0 ? {} : { heldOut }),
  ...(asked.length === 0 ? {} : { asked }),
});

/** What all parts ask of the fit of a kind, in the order of the alphabet. */
const askedOf = (parts: readonly Part[], kindName: string): readonly string[] => {
  const found = parts.flatMap(({ product }) => (isFittable(product) ? (product.asks?.[kindName] ?? []) : []));
  return [...new Set(found)].sort();
};

type Split = Pick<HeldOut, "fitting"> & Partial<Pick<HeldOut, "heldOut">>;

/** What fit phases learn from and, where a part holds episodes out, those episodes: the same for a seed. */
export async function splitOf(parts: readonly Part[], dataset: Dataset, seed: number): Promise<Split> {
  const share = heldOutShare(parts);
  if (share === 0) return { fitting: dataset };
  return holdOut(dataset, share, Random.fromSeed(seed).stream("held-out episodes"));
}

/** How many of a log's episodes no fit phase learns from. @throws DataError where a part holds some out, and it has one */
export function heldOutEpisodes(parts: readonly Part[], log: Pick<DatasetInfo, "name" | "episodes">): number {
  const share = heldOutShare(parts);
  return share === 0 ? 0 : countOf(share, log);
}

/** The largest share of episodes that a part wants held out. */
const heldOutShare = (parts: readonly Part[]): number =>
  Math.max(0, ...parts.map(({ product }) => (isFittable(product) ? (product.holdsOut ?? 0) : 0)));

/** @throws ConfigError if no part of that kind was fitted. */
export function fittedOf(fitted: ReadonlyMap<string, Fitted>, kindName: string): Fitted {
  const found = fitted.get(kindName);
  if (found !== undefined) return found;
  throw new ConfigError(`no fitted ${kindName}`, {
    expected: `a ${kindName} with a fit phase, listed in "requires" of the part that asks`,
  });
}

async function hash(value: Json): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
