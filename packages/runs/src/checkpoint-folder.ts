import { join } from "node:path";
import type { Checkpoint } from "@lowerbound/core";
import { namesIn, readIfThere, removeFile, removeTemporaryFiles } from "./files.js";
import { seal, unseal } from "./sealed.js";

const STEP_MANIFEST = /^step-(\d{9,})\.json$/;
const STEP_FILE = /^step-(\d{9,})\.(?:json|safetensors)$/;
const SNAPSHOT_FILE = /^(.+)-[0-9a-f]{16}\.safetensors$/;
const KEEP = 2;

/** Checkpoints of one phase in a folder: `step-000012000.safetensors` with `.json`, and kept snapshots by name. */
export interface CheckpointFolder {
  /**
   * Write a checkpoint durably; the last two are kept, and none of a later step. The arrays are copied at once;
   * `before` is awaited between that and the first write.
   * @throws FileError
   */
  save(checkpoint: Checkpoint, before?: () => Promise<void>): Promise<void>;
  /** The newest checkpoint whose checksums hold; refused ones are noted once each. @throws FileError */
  latest(): Promise<Checkpoint | undefined>;
  /** Write a snapshot under a name in place of an earlier one. @throws FileError */
  keep(name: string, checkpoint: Checkpoint): Promise<void>;
  /** The snapshot under that name, unless it is absent or refused. @throws FileError */
  kept(name: string): Promise<Checkpoint | undefined>;
  /** Take away what killed writers left; returns what `latest` does. @throws FileError */
  clean(): Promise<Checkpoint | undefined>;
}

export function checkpointFolder(path: string, note: (message: string) => void): CheckpointFolder {
  const refused = new Set<string>();
  const refuse = (name: string, reason: string, instead: string) => {
    if (!refused.has(name)) note(`${join(path, name)} is refused: ${reason}; ${instead}`);
    refused.add(name);
  };
  const latest = async (): Promise<Checkpoint | undefined> => {
    for (const name of (await namesIn(path)).filter((each) => STEP_MANIFEST.test(each)).reverse()) {
      const found = await unseal(join(path, name));
      if (found.state === "intact") return found.checkpoint;
      if (found.state === "refused") refuse(name, found.reason, "the one before it is used");
    }
    return undefined;
  };
  return {
    save: async (checkpoint, before) => {
      const name = stepName(checkpoint.step);
      await seal(join(path, `${name}.json`), checkpoint, () => `${name}.safetensors`, before);
      refused.delete(`${name}.json`);
      await prune(path, checkpoint.step, true);
    },
    latest,
    keep: (name, checkpoint) => keepSnapshot(path, name, checkpoint),
    kept: async (name) => {
      const found = await unseal(join(path, `${name}.json`));
      if (found.state === "refused") refuse(`${name}.json`, found.reason, "it counts as absent");
      return found.state === "intact" ? found.checkpoint : undefined;
    },
    clean: async () => {
      await removeTemporaryFiles(path);
      await removeOrphans(path);
      const newest = await latest();
      if (newest !== undefined) await prune(path, newest.step, false);
      return newest;
    },
  };
}

const stepName = (step: number): string => `step-${String(step).padStart(9, "0")}`;

/**
 * The tensors' file carries its checksum in its name, so that the old snapshot stands until the manifest's rename
 * puts the new one in its place.
 */
async function keepSnapshot(path: string, name: string, checkpoint: Checkpoint): Promise<void> {
  const current = await seal(
    join(path, `${name}.json`),
    checkpoint,
    (sum) => `${name}-${sum.slice(0, 16)}.safetensors`,
  );
  for (const each of await namesIn(path)) {
    if (SNAPSHOT_FILE.exec(each)?.[1] === name && each !== current) await removeFile(join(path, each));
  }
}

/** Take away snapshots' tensors that no manifest names: a writer was killed just after it put others in their place. */
async function removeOrphans(path: string): Promise<void> {
  for (const name of await namesIn(path)) {
    const snapshot = SNAPSHOT_FILE.exec(name)?.[1];
    if (snapshot === undefined) continue;
    const manifest = await readIfThere(join(path, `${snapshot}.json`));
    if (manifest?.includes(`"${name}"`) !== true) await removeFile(join(path, name));
  }
}

/**
 * Keep the last two up to `newest`, and tensors only with their manifest.
 *
 * What is later was refused, or belongs to a past that is being written anew; it goes with `later`.
 */
async function prune(path: string, newest: number, later: boolean): Promise<void> {
  const names = await namesIn(path);
  const steps = names.map((name) => Number(STEP_MANIFEST.exec(name)?.[1] ?? Number.NaN));
  const valid = steps.filter((step) => step <= newest).sort((a, b) => b - a);
  const keep = new Set(valid.slice(0, KEEP));
  // Sorted names put a manifest before its tensors: tensors without one are no checkpoint.
  for (const name of names) {
    const step = Number(STEP_FILE.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(step) || keep.has(step) || (step > newest && !later)) continue;
    await removeFile(join(path, name));
  }
}
