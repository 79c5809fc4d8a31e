import { createRegistry, type Registry, slotKind, unwrap } from "@lowerbound/core";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { FlagText, isRecord, type Tree } from "./flag-tokens.js";

/**
 * Read every flag in a configuration as its option's schema wants it; what does not fit stays text, for the schema's
 * own error to name.
 */
export function coerceConfig(registry: Registry, tree: Record<string, Tree>): Record<string, unknown> {
  const kinds = registry.kinds.map((kind) => kind.name);
  const entries = Object.entries(tree).map(([name, node]) => [
    name,
    kinds.includes(name) ? coerceComponent(registry, name, node) : plain(node, numberOrText),
  ]);
  return Object.fromEntries(entries);
}

/** The same for the options of one schema, which has no slots. */
export const coerceOptions = (schema: z.ZodObject, tree: Record<string, Tree>): unknown =>
  coerceValue(createRegistry([]), schema, tree);

function coerceComponent(registry: Registry, kindName: string, node: Tree): unknown {
  if (node instanceof FlagText) return { type: node.text };
  if (!isRecord(node)) return node;
  const { type: rawType, ...options } = node;
  const fallback = registry.kinds.find((kind) => kind.name === kindName)?.default;
  const type = rawType instanceof FlagText ? rawType.text : (rawType ?? fallback);
  const component = registry.ofKind(kindName).find((each) => each.type === type);
  const entries = Object.entries(options).map(([key, value]) => {
    const schema = component?.config.shape[key];
    return [key, schema === undefined ? plain(value, textOf) : coerceValue(registry, schema, value)];
  });
  return { ...(type === undefined ? {} : { type }), ...Object.fromEntries(entries) };
}

function coerceValue(registry: Registry, wrapped: z.core.$ZodType, node: Tree): unknown {
  const { schema, nullable } = unwrap(wrapped);
  if (nullable && node instanceof FlagText && node.text === "null") return null;
  const kind = slotKind(schema);
  if (kind !== undefined) return coerceComponent(registry, kind.name, node);
  if (schema instanceof z.ZodArray) return coerceArray(registry, schema.element, node);
  if (schema instanceof z.ZodUnion) return coerceUnion(registry, schema.options, node);
  if (schema instanceof z.ZodObject && isRecord(node)) {
    const entries = Object.entries(node).map(([key, value]) => {
      const field = schema.shape[key];
      return [key, field === undefined ? plain(value, textOf) : coerceValue(registry, field, value)];
    });
    return Object.fromEntries(entries);
  }
  return plain(node, (flag) => coerceText(schema, flag));
}

/** `1,2,3`, `[1, 2, 3]`, or entries by index: `--loggers.0.type=jsonl --loggers.1.type=csv`. */
function coerceArray(registry: Registry, element: z.core.$ZodType, node: Tree): unknown {
  if (node instanceof FlagText) {
    const list = node.text.startsWith("[") ? yamlOrText(node) : node.text.split(",");
    if (!Array.isArray(list)) return list;
    return list.map((each) =>
      coerceValue(registry, element, typeof each === "string" ? new FlagText(each.trim()) : each),
    );
  }
  const list = isRecord(node) && Object.keys(node).every((key, at) => key === String(at)) ? Object.values(node) : node;
  return Array.isArray(list) ? list.map((each) => coerceValue(registry, element, each)) : plain(list, textOf);
}

/** As the first option that it fits; what is written as a list is tried as one first, since any text is a string. */
function coerceUnion(registry: Registry, options: readonly z.core.$ZodType[], node: Tree): unknown {
  const isList = (option: z.core.$ZodType): boolean => unwrap(option).schema instanceof z.ZodArray;
  const written = node instanceof FlagText && /^\[|,/.test(node.text);
  const inOrder = written ? [...options.filter(isList), ...options.filter((each) => !isList(each))] : options;
  const readings = inOrder.map((option) => [option, coerceValue(registry, option, node)] as const);
  const fitting = readings.find(([option, value]) => z.safeParse(option, value).success);
  return fitting === undefined ? plain(node, textOf) : fitting[1];
}

function coerceText(schema: z.core.$ZodType, flag: FlagText): unknown {
  const { text } = flag;
  if (schema instanceof z.ZodNumber) return numberOrText(flag);
  if (schema instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return text;
  if (schema instanceof z.ZodLiteral) return [...schema.values].find((value) => String(value) === text) ?? text;
  return yamlOrText(flag);
}

function numberOrText({ text }: FlagText): unknown {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}

const textOf = ({ text }: FlagText): unknown => text;

function yamlOrText({ text }: FlagText): unknown {
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
}

/** A tree with every flag in it read in one way. */
function plain(node: Tree, read: (flag: FlagText) => unknown): unknown {
  if (node instanceof FlagText) return read(node);
  if (Array.isArray(node)) return node.map((each) => plain(each, read));
  if (!isRecord(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value, read)]));
}
