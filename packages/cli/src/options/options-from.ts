import { ConfigError, expectedAt, nearest, suggestion, unwrap } from "@lowerbound/core";
import { z } from "zod";
import { coerceOptions } from "../config/coerce.js";
import { flagTree, isRecord, type Tree } from "../config/flag-tokens.js";
import type { Setting } from "./settings.js";

/** A schema's options with settings in place of defaults, a later one of an option winning. @throws ConfigError naming the flag */
export function optionsFrom<Schema extends z.ZodObject>(
  schema: Schema,
  settings: readonly Setting[],
): z.output<Schema> {
  const tree = flagTree(settings.map(({ path, text }) => `--${path}=${text}`));
  const whereOf = (path: string) => settings.findLast((each) => each.path === path)?.where ?? `--set ${path}`;
  checkNames(schema, tree, "", whereOf);
  const parsed = schema.safeParse(coerceOptions(schema, tree));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String) ?? [];
  throw new ConfigError(issue?.message ?? "invalid", { where: whereOf(path.join(".")), ...expectedAt(schema, path) });
}

function checkNames(schema: z.ZodObject, tree: Tree, above: string, whereOf: (path: string) => string): void {
  if (!isRecord(tree)) return;
  const known = Object.keys(schema.shape);
  for (const [key, node] of Object.entries(tree)) {
    const path = `${above}${key}`;
    const field = schema.shape[key];
    if (field === undefined) {
      const similar = nearest(key, known);
      throw new ConfigError(`no option is called "${path}"`, {
        where: whereOf(path),
        expected: `one of ${known.map((name) => `${above}${name}`).join(", ")}`,
        ...suggestion(similar && `${above}${similar}`),
      });
    }
    const inner = unwrap(field).schema;
    if (inner instanceof z.ZodObject) checkNames(inner, node, `${path}.`, whereOf);
  }
}
