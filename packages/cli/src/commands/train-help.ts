import { type AnyComponent, createRegistry, type Registry } from "@lowerbound/core";
import { describeOptions } from "../options/describe.js";
import { textTable } from "../options/table.js";
import { wrapRow } from "../options/wrap-row.js";

/** Widths of kind, types and what it is: a table that a terminal of 100 columns holds. */
const LIMITS = [20, 40, 36];

/** What `train --help` adds: the kinds, and the flags of every component that the other flags choose. */
export function trainHelp(components: readonly AnyComponent[], argv: readonly string[]): string {
  const registry = createRegistry(components);
  const kinds = registry.kinds.flatMap(({ name, summary, default: fallback }) => {
    const types = registry.ofKind(name).map(({ type }) => (type === fallback ? `${type} (default)` : type));
    return wrapRow([`--${name}`, types.join(", "), summary], LIMITS);
  });
  const chosen = chosenComponents(registry, argv).map(flagsOf).join("");
  const hint = "Flags of a component: lowerbound train --KIND TYPE --help, or lowerbound components KIND TYPE.\n";
  return `\n${textTable(["kind", "types", "what it is"], kinds)}\n${chosen}${hint}`;
}

/** Components that flags choose: `--algorithm mopo`, `--algorithm=mopo`, `--algorithm.type=mopo`. */
function chosenComponents(registry: Registry, argv: readonly string[]): readonly AnyComponent[] {
  return argv.flatMap((token, at) => {
    const [, kind = "", value] = /^--([\w-]+)(?:\.type)?(?:=(.*))?$/.exec(token) ?? [];
    const type = value ?? argv[at + 1];
    return registry.ofKind(kind).filter((each) => each.type === type);
  });
}

function flagsOf(component: AnyComponent): string {
  const rows = describeOptions(component.config).map(({ name, type, fallback, description }) => [
    `--${component.kind.name}.${name}`,
    type,
    fallback,
    description,
  ]);
  const table = rows.length === 0 ? "  no options\n" : textTable(["flag", "type", "default", ""], rows, "  ");
  return `${component.kind.name} ${component.type}: ${component.summary}\n${table}\n`;
}
