import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "@lowerbound/core";
import { fileError, readConfig, removeFile, writeAtomically } from "@lowerbound/runs";
import { z } from "zod";
import { isRecord } from "./config/flag-tokens.js";
import { pluginId } from "./plugins.js";

const FILE = "command.json";
const Command = z.object({ plugins: z.array(z.string()) });

/** What a run's directory tells of how it was started. */
export interface SavedRun {
  readonly config: Readonly<Record<string, unknown>>;
  readonly plugins: readonly string[];
}

/** @throws FileError if there is no run, or its files were altered */
export async function readRun(directory: string): Promise<SavedRun> {
  const config = await readConfig(directory);
  if (config === undefined) {
    throw new FileError("no run lies there", {
      where: directory,
      expected: "a directory that lowerbound train made (with config.json)",
      remedy: "check the path, or start one: lowerbound train --help",
    });
  }
  if (!isRecord(config)) throw new FileError("not a configuration", { where: join(directory, "config.json") });
  return { config, plugins: await readPlugins(join(directory, FILE)) };
}

/**
 * Save which plug-ins a new run needs, so that it goes on by its directory alone; those that a refused run left there
 * count no more. @throws FileError
 */
export async function savePlugins(directory: string, plugins: readonly string[]): Promise<void> {
  if ((await readConfig(directory)) !== undefined) return;
  if (plugins.length === 0) return removeFile(join(directory, FILE));
  const ids = [...new Set(plugins.map(pluginId))];
  await writeAtomically(join(directory, FILE), `${JSON.stringify({ plugins: ids }, null, 2)}\n`);
}

async function readPlugins(path: string): Promise<readonly string[]> {
  try {
    return Command.parse(JSON.parse(await readFile(path, "utf8"))).plugins;
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      if (error.code === "ENOENT") return [];
      throw fileError(error, path, "read");
    }
    throw new FileError("not a list of plug-ins", { where: path, remedy: "restore the file", cause: error });
  }
}
