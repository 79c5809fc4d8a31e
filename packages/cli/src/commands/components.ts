import { type AnyComponent, ConfigError, createRegistry, nearest, type Registry, slotKind } from "@lowerbound/core";
import type { Command } from "commander";
import { loadComponents } from "../components.js";
import { describeOptions } from "../options/describe.js";
import { textTable } from "../options/table.js";
import type { Output } from "../output.js";
import { collect } from "./train.js";

/** Register `components`. */
export function addComponents(program: Command, output: Output): void {
  program
    .command("components [kind] [name]")
    .summary("what is registered, with options and documentation")
    .description("List the kinds, the components of a kind, or one component's options and documentation.")
    .option("--plugin <file or package>", "components of your own; repeatable", collect)
    .action(
      async (kind: string | undefined, name: string | undefined, { plugin = [] }: { plugin?: readonly string[] }) => {
        const registry = createRegistry(await loadComponents(plugin));
        output.out(componentsText(registry, kind, name));
      },
    );
}

/** The page for a kind and a component's type; either may be left out. @throws ConfigError naming the nearest name */
export function componentsText(registry: Registry, kindName?: string, type?: string): string {
  if (kindName === undefined) return kindsText(registry);
  const kind = registry.kinds.find(({ name }) => name === kindName);
  if (kind === undefined) {
    const names = registry.kinds.map(({ name }) => name);
    const similar = nearest(kindName, names);
    throw new ConfigError(`no kind is called "${kindName}"`, {
      expected: `one of ${names.join(", ")}`,
      ...(similar === undefined ? {} : { remedy: `did you mean "${similar}"?` }),
    });
  }
  if (type !== undefined) return componentText(registry.find(kindName, type, kindName));
  const fallback = kind.default === undefined ? "" : ` (default: ${kind.default})`;
  return `${kind.name}: ${kind.summary}${fallback}\n\n${registry.ofKind(kindName).map(componentText).join("\n")}`;
}

function kindsText(registry: Registry): string {
  const rows = registry.kinds.map(({ name, summary, default: fallback }) => {
    const types = registry.ofKind(name).map((each) => (each.type === fallback ? `${each.type} (default)` : each.type));
    return [name, types.join(", "), summary];
  });
  return `${textTable(["kind", "types", "what it is"], rows)}\nlowerbound components KIND [TYPE] shows options.\n`;
}

function componentText(component: AnyComponent): string {
  const { kind, type, summary, documentation } = component;
  const options = describeOptions(component.config);
  const rows = options.map(({ name, type: text, fallback, description }) => [name, text, fallback, description]);
  const table = rows.length === 0 ? "  no options\n" : textTable(["option", "type", "default", ""], rows, "  ");
  const nested = Object.values(component.config.shape).some((schema) => slotKind(schema) !== undefined);
  const hint = nested ? `  a nested component is written --${kind.name}.OPTION.type=TYPE\n` : "";
  const prose = documentation === undefined ? "" : `${documentation.trim().replaceAll(/^/gm, "  ")}\n`;
  return `${kind.name} ${type}: ${summary}\n${prose}${table}${hint}`;
}
