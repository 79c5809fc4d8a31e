import { join } from "node:path";
import { ConfigError, FileError, type Json } from "@lowerbound/core";
import { readIfThere, writeAtomically } from "./files.js";
import { differences } from "./json.js";

const FILE = "config.json";

/**
 * Write a run's configuration, or check that the one there says the same.
 *
 * @returns whether the run was there before.
 * @throws ConfigError naming the options that differ; FileError
 */
export async function openConfig(directory: string, config: Json): Promise<boolean> {
  const before = await readConfig(directory);
  if (before === undefined) {
    await writeAtomically(join(directory, FILE), `${JSON.stringify(config, null, 2)}\n`);
    return false;
  }
  const different = differences(before, JSON.parse(JSON.stringify(config)));
  if (different.length === 0) return true;
  throw new ConfigError(`the run there has another configuration: ${different.join("; ")}`, {
    where: join(directory, FILE),
    expected: "the options that the run was started with",
    remedy: `choose another directory, or go on with the run's own options: lowerbound train --resume ${directory}`,
  });
}

/** The configuration of the run in a directory, or undefined. @throws FileError if it is not JSON */
export async function readConfig(directory: string): Promise<unknown> {
  const path = join(directory, FILE);
  const text = (await readIfThere(path))?.toString("utf8");
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileError("not JSON", { where: path, remedy: "restore the file, or choose another directory", cause });
  }
}
