import { type AnyComponent, createRegistry, type Registry } from "@lowerbound/core";
import { FlagText, flagTree, isRecord } from "../config/flag-tokens.js";
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

function chosenComponents(registry: Registry, argv: readonly string[]): readonly AnyComponent[] {
  const names = registry.kinds.map(({ name }) => name);
  const flags = argv.filter(
    (token) =>
      names.some((name) => token === `--${name}` || token.startsWith(`--${name}=`) || token.startsWith(`--${name}.`)) ||
      !token.startsWith("-"),
  );
  return Object.entries(flagTree(dropStray(flags))).flatMap(([kind, node]) => {
    const type = isRecord(node) ? node.type : node;
    return registry.ofKind(kind).filter((each) => type instanceof FlagText && each.type === type.text);
  });
}

/** Values whose flag is not a component's go. */
function dropStray(tokens: readonly string[]): readonly string[] {
  return tokens.filter(
    (token, at) =>
      token.startsWith("--") || (tokens[at - 1]?.startsWith("--") === true && !tokens[at - 1]!.includes("=")),
  );
}

function flagsOf(component: AnyComponent): string {
  const rows = describeOptions(component).map(({ name, type, fallback, description }) => [
    `--${component.kind.name}.${name}`,
    type,
    fallback,
    description,
  ]);
  const table = rows.length === 0 ? "  no options\n" : textTable(["flag", "type", "default", ""], rows, "  ");
  return `${component.kind.name} ${component.type}: ${component.summary}\n${table}\n`;
}
