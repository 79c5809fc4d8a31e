import { join } from "node:path";
import type { Checkpoint } from "@lowerbound/core";
import { namesIn, removeFile, removeTemporaryFiles } from "./files.js";
import { seal, unseal } from "./sealed.js";

const STEP_MANIFEST = /^step-(\d{9,})\.json$/;
const STEP_FILE = /^step-(\d{9,})\.(?:json|safetensors)$/;
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
  /** Take away what killed writers left. @throws FileError */
  clean(): Promise<void>;
}

export function checkpointFolder(path: string, note: (message: string) => void): CheckpointFolder {
  const refused = new Set<string>();
  const refuse = (name: string, reason: string, instead: string) => {
    if (!refused.has(name)) note(`${join(path, name)} is refused: ${reason}; ${instead}`);
    refused.add(name);
  };
  return {
    save: async (checkpoint, before) => {
      const name = stepName(checkpoint.step);
      await seal(join(path, `${name}.json`), checkpoint, () => `${name}.safetensors`, before);
      refused.delete(`${name}.json`);
      await prune(path, checkpoint.step);
    },
    latest: async () => {
      for (const name of (await namesIn(path)).filter((each) => STEP_MANIFEST.test(each)).reverse()) {
        const found = await unseal(join(path, name));
        if (found.state === "intact") return found.checkpoint;
        if (found.state === "refused") refuse(name, found.reason, "the one before it is used");
      }
      return undefined;
    },
    keep: (name, checkpoint) => keepSnapshot(path, name, checkpoint),
    kept: async (name) => {
      const found = await unseal(join(path, `${name}.json`));
      if (found.state === "refused") refuse(`${name}.json`, found.reason, "it counts as absent");
      return found.state === "intact" ? found.checkpoint : undefined;
    },
    clean: () => removeTemporaryFiles(path),
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
  const older = new RegExp(`^${name}-[0-9a-f]{16}\\.safetensors$`);
  for (const each of await namesIn(path)) if (older.test(each) && each !== current) await removeFile(join(path, each));
}

/** Keep the last two up to `newest`; what is later was refused, or belongs to a past that is being written anew. */
async function prune(path: string, newest: number): Promise<void> {
  const names = await namesIn(path);
  const steps = names
    .map((name) => Number(STEP_MANIFEST.exec(name)?.[1] ?? Number.NaN))
    .filter((step) => step <= newest);
  const keep = new Set(steps.sort((a, b) => b - a).slice(0, KEEP));
  // Manifests go first: tensors without one are no checkpoint.
  for (const name of names) {
    const step = STEP_FILE.exec(name)?.[1];
    if (step !== undefined && !keep.has(Number(step))) await removeFile(join(path, name));
  }
}
