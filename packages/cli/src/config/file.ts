import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { ConfigError } from "@lowerbound/core";
import { fileError } from "@lowerbound/runs";
import { parse as parseYaml } from "yaml";
import { isRecord } from "./flag-tokens.js";

/** Read a configuration file: JSON or YAML. @throws FileError, ConfigError naming file and place */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const extension = extname(path).toLowerCase();
  if (![".json", ".yaml", ".yml"].includes(extension)) {
    throw new ConfigError("not a configuration file", {
      where: path,
      expected: "a name that ends in .json, .yaml or .yml",
    });
  }
  const text = await readText(path);
  const value = parseText(text, path, extension);
  if (isRecord(value)) return value;
  throw new ConfigError("the configuration is not an object", { where: path, expected: "one entry a kind" });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw fileError(error, path, "read");
  }
}

function parseText(text: string, path: string, extension: string): unknown {
  try {
    return extension === ".json" ? JSON.parse(text) : parseYaml(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`not ${extension === ".json" ? "JSON" : "YAML"}: ${reason}`, {
      where: path,
      remedy: "correct the file there",
      cause,
    });
  }
}
