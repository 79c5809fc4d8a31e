import { type AnyComponent, createRegistry, type Registry } from "@lowerbound/core";
import { describeOptions } from "../options/describe.js";
import { textTable } from "../options/table.js";

/** What `train --help` adds: the kinds, and the flags of every component that the other flags choose. */
export function trainHelp(components: readonly AnyComponent[], argv: readonly string[]): string {
  const registry = createRegistry(components);
  const kinds = registry.kinds.map(({ name, summary, default: fallback }) => [
    `--${name}`,
    registry
      .ofKind(name)
      .map(({ type }) => (type === fallback ? `${type} (default)` : type))
      .join(", "),
    summary,
  ]);
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
