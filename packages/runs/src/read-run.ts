import { dirname, join, resolve } from "node:path";
import type { Checkpoint, Fitted } from "@lowerbound/core";
import { checkpointFolder } from "./checkpoint-folder.js";
import { namesIn } from "./files.js";
import { readPointers } from "./fitted-pointers.js";
import { fittedFolder } from "./fitted-store.js";

const silent = (): void => {};

/** A run's fitted part of a kind, read without opening the run; undefined where it has none. @throws FileError */
export async function readFitted(directory: string, kindName: string): Promise<Fitted | undefined> {
  const address = (await readPointers(directory))[kindName];
  if (address === undefined) return undefined;
  const store = join(dirname(resolve(directory)), "fitted");
  return fittedFolder(store, { phase: kindName, address }, silent).read();
}

/** Names of a phase's checkpoints and kept snapshots, such as "last" and "step-000005000". @throws FileError */
export async function snapshotNames(directory: string, phase: string): Promise<readonly string[]> {
  const names = await namesIn(join(directory, "checkpoints", phase));
  return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : [])).sort();
}

/** One of them; undefined where it is absent or refused by its checksum. @throws FileError */
export const readSnapshot = (directory: string, phase: string, name: string): Promise<Checkpoint | undefined> =>
  checkpointFolder(join(directory, "checkpoints", phase), silent).kept(name);
