import { describeOptions, markdownTable } from "@lowerbound/cli";
import type { AnyComponent } from "@lowerbound/core";
import { certifyOptions, offPolicyOptions } from "@lowerbound/evaluation";
import type { z } from "zod";

const REGION = /(<!-- options:start (\S+) -->\n)[\s\S]*?(<!-- options:end -->)/g;

/** Options that are no component's, by what a marker calls them. */
const commands: Readonly<Record<string, z.ZodObject>> = {
  "lowerbound/certify": certifyOptions,
  "lowerbound/ope": offPolicyOptions,
};

/** Options as Markdown. */
function optionsTable(options: z.ZodObject): string {
  const rows = describeOptions(options).map(({ name, type, fallback, description }) => [
    `\`${name}\``,
    type,
    fallback === "" || fallback === "required" ? fallback : `\`${fallback}\``,
    description,
  ]);
  return rows.length === 0 ? "No options.\n" : markdownTable(["option", "type", "default", ""], rows);
}

function section(component: AnyComponent): string {
  return `**\`${component.kind.name}: ${component.type}\`**: ${component.summary.replace(/\.$/, "")}.\n\n${optionsTable(component.config)}`;
}

/** The components that a marker names: `kind/type`, `kind` for all of that kind, or `all`. */
function named(marker: string, components: readonly AnyComponent[]): readonly AnyComponent[] {
  if (marker === "all") return components;
  const [kind, type] = marker.split("/");
  return components.filter((each) => each.kind.name === kind && (type === undefined || each.type === type));
}

export interface Filled {
  readonly text: string;
  /** Components shown, as `kind/type`. */
  readonly shown: readonly string[];
}

/** Fill every `options:start` region of a README. @throws Error for a marker that names nothing registered */
export function fillTables(text: string, components: readonly AnyComponent[], file: string): Filled {
  const shown: string[] = [];
  const filled = text.replaceAll(REGION, (_, start: string, marker: string, end: string) => {
    const options = commands[marker];
    if (options !== undefined) return `${start}\n${optionsTable(options)}\n${end}`;
    const found = named(marker, components);
    if (found.length === 0) throw new Error(`${file}: nothing registered is called ${marker}`);
    shown.push(...found.map(({ kind, type }) => `${kind.name}/${type}`));
    return `${start}\n${found.map(section).join("\n")}\n${end}`;
  });
  return { text: filled, shown };
}
