import { ConfigError } from "../errors.js";
import type { AnyComponent } from "./component.js";
import type { Kind } from "./kind.js";
import { nearest } from "./nearest.js";

/** Components by kind and type. */
export interface Registry {
  readonly components: readonly AnyComponent[];
  readonly kinds: readonly Kind<string, unknown>[];
  ofKind(kindName: string): readonly AnyComponent[];
  /** @throws ConfigError naming `where`, the valid types and the nearest one. */
  find(kindName: string, type: string, where: string): AnyComponent;
}

/** Index components. @throws ConfigError if two share a kind and a type, or two kinds a name. */
export function createRegistry(components: readonly AnyComponent[]): Registry {
  const byKind = new Map<string, Map<string, AnyComponent>>();
  const kinds = new Map<string, Kind<string, unknown>>();
  for (const component of components) {
    const { kind, type } = component;
    const known = kinds.get(kind.name) ?? kind;
    if (known.token !== kind.token || kind.name === "seed") throw new ConfigError(`kind "${kind.name}" is taken`);
    kinds.set(kind.name, known);
    const types = byKind.get(kind.name) ?? new Map<string, AnyComponent>();
    const other = types.get(type);
    if (other !== undefined) {
      throw new ConfigError(`${kind.name} "${type}" is registered twice`, {
        expected: `one of the two: "${other.summary}", "${component.summary}"`,
        remedy: "give one of them another type, or leave it out",
      });
    }
    byKind.set(kind.name, types.set(type, component));
  }
  const ofKind = (kindName: string) => [...(byKind.get(kindName)?.values() ?? [])];
  return { components, kinds: [...kinds.values()], ofKind, find: (...query) => find(ofKind, ...query) };
}

function find(ofKind: Registry["ofKind"], kindName: string, type: string, where: string): AnyComponent {
  const candidates = ofKind(kindName);
  const found = candidates.find((component) => component.type === type);
  if (found !== undefined) return found;
  const types = candidates.map((component) => component.type);
  throw new ConfigError(`no ${kindName} is called "${type}"`, {
    where,
    expected: types.length === 0 ? `a registered ${kindName}; none is` : `one of ${types.join(", ")}`,
    remedy: "if it is one of your own, name its plug-in with --plugin, or put it into the list of components",
    ...suggestion(nearest(type, types)),
  });
}

/** The remedy of a misspelt name. */
export function suggestion(name: string | undefined): { remedy?: string } {
  return name === undefined ? {} : { remedy: `did you mean "${name}"?` };
}
