import { dirname, join, resolve } from "node:path";
import { type Checkpoint, FileError, type Fitted } from "@lowerbound/core";
import { z } from "zod";
import { checkpointFolder } from "./checkpoint-folder.js";
import { namesIn, readIfThere } from "./files.js";
import { readPointers } from "./fitted-pointers.js";
import { fittedFolder } from "./fitted-store.js";

const silent = (): void => {};

/**
 * A run's fitted part of a kind, read without opening the run; undefined where it has none, or none that is finished.
 *
 * @throws FileError, also where the run was moved and its fitted parts were not
 */
export async function readFitted(directory: string, kindName: string): Promise<Fitted | undefined> {
  const address = (await readPointers(directory))[kindName];
  if (address === undefined) return undefined;
  const store = join(dirname(resolve(directory)), "fitted");
  const folder = fittedFolder(store, { phase: kindName, address }, silent);
  if ((await namesIn(folder.path)).length === 0) throw leftBehind(directory, folder.path);
  return folder.read();
}

const leftBehind = (directory: string, path: string) =>
  new FileError("the run's fitted part is not there", {
    where: path,
    expected: "the folder fitted/ beside the run, as when it was trained",
    remedy: `move fitted/ along with the run, or fit it again: lowerbound train --resume ${directory}`,
  });

/** Names of a phase's checkpoints and kept snapshots, such as "last" and "step-000005000". @throws FileError */
export async function snapshotNames(directory: string, phase: string): Promise<readonly string[]> {
  const names = await namesIn(join(directory, "checkpoints", phase));
  return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : [])).sort();
}

/** One of them; undefined where it is absent or refused by its checksum. @throws FileError */
export const readSnapshot = (directory: string, phase: string, name: string): Promise<Checkpoint | undefined> =>
  checkpointFolder(join(directory, "checkpoints", phase), silent).kept(name);

/** What a run's `result.json` says; undefined where it is not there, or torn. @throws FileError */
export async function readResult(directory: string): Promise<unknown> {
  const text = (await readIfThere(join(directory, "result.json")))?.toString("utf8");
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Asked = z.looseObject({ algorithm: z.looseObject({ updates: z.number() }) });
const Came = z.looseObject({ trained: z.looseObject({ updates: z.number() }) });

/**
 * Of a result and the configuration beside it: how many updates the result is of, where the run has been asked for others
 * since and has not ended yet; else undefined.
 */
export function outgrownAt(result: unknown, config: unknown): number | undefined {
  const [came, asked] = [Came.safeParse(result).data?.trained, Asked.safeParse(config).data?.algorithm];
  if (came === undefined || asked === undefined || came.updates === asked.updates) return undefined;
  return came.updates;
}
