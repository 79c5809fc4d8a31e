import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FileError, type Fitted, type Json, type RunHandle } from "@lowerbound/core";
import { type CheckpointFolder, checkpointFolder } from "./checkpoint-folder.js";
import { fileError } from "./file-errors.js";
import { namesIn } from "./files.js";
import { isLock, type Lock, takeLock } from "./lock.js";

const NAME = "fitted";
const MANIFEST = `${NAME}.json`;
const POLL_MILLISECONDS = 1000;

/** The folder of one fitted part, shared by every run beside which it lies. */
export interface FittedFolder {
  readonly path: string;
  /** The finished part, if it is there and intact. @throws FileError */
  read(): Promise<Fitted | undefined>;
  /** Whether anything but the finished part lies there. @throws FileError */
  hasLeftovers(): Promise<boolean>;
  /** Take away what killed writers left, and a finished part's checkpoints. @throws FileError */
  clean(finished: boolean): Promise<void>;
  /** Checkpoints of a fit that is not finished. */
  readonly checkpoints: CheckpointFolder;
  /** File the finished part and let its checkpoints go. @throws FileError */
  write(fitted: Fitted): Promise<void>;
  /** Wait until no other process fits this part. @throws the signal's reason; FileError */
  lock(signal: AbortSignal): Promise<Lock>;
}

/** `phase-address`, the address cut to 16 digits. */
export const fittedName = (phase: string, address: string): string => `${phase}-${address.slice(0, 16)}`;

export function fittedFolder(
  root: string,
  { phase, address }: { readonly phase: string; readonly address: string },
  note: (message: string) => void,
): FittedFolder {
  const path = join(root, fittedName(phase, address));
  const whole = checkpointFolder(path, note);
  const checkpoints = checkpointFolder(join(path, "checkpoints"), note);
  return {
    path,
    checkpoints,
    read: async () => {
      const found = await whole.kept(NAME);
      if (found === undefined || found.data.address !== address) return undefined;
      return { tensors: found.tensors, facts: found.data.facts as Fitted["facts"] };
    },
    hasLeftovers: async () => (await namesIn(path)).some((name) => !name.startsWith(`${NAME}-`) && name !== MANIFEST),
    clean: async (finished) => {
      await whole.clean();
      if (finished) await removeFolder(join(path, "checkpoints"));
      else await checkpoints.clean();
    },
    write: async ({ tensors, facts }) => {
      const data: Readonly<Record<string, Json>> = { phase, address, facts };
      await whole.keep(NAME, { step: 0, tensors, data });
      await removeFolder(join(path, "checkpoints"));
    },
    lock: (signal) => waitForLock(join(path, "fit.lock"), signal, note),
  };
}

async function waitForLock(path: string, signal: AbortSignal, note: (message: string) => void): Promise<Lock> {
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const result = await takeLock(path);
    if (isLock(result)) return result;
    if (!told) {
      const holder = `process ${result.pid} on ${result.host}`;
      note(`waiting for ${holder}, which fits the same part; if it no longer exists, delete ${path}`);
    }
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

/** Read a part or fit it under its lock, going on from its checkpoints. */
export async function readOrFit(
  folder: FittedFolder,
  handle: RunHandle,
  compute: () => Promise<Fitted>,
): Promise<Fitted> {
  const found = await folder.read();
  if (found !== undefined && !(await folder.hasLeftovers())) return found;
  const lock = await folder.lock(handle.signal);
  try {
    const meanwhile = await folder.read();
    await folder.clean(meanwhile !== undefined);
    if (meanwhile !== undefined) return meanwhile;
    await folder.write(await compute());
    const written = await folder.read();
    if (written === undefined) throw new FileError("the fitted part cannot be read back", { where: folder.path });
    return written;
  } finally {
    await lock.release();
  }
}
