import { appendFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  FileError,
  type Fitted,
  type Json,
  type Logger,
  type LogSink,
  type Run,
  type RunOptions,
} from "@lowerbound/core";
import { type CheckpointFolder, checkpointFolder } from "./checkpoint-folder.js";
import { fileError } from "./file-errors.js";
import { makeFolder, namesIn, removeTemporaryFiles, writeAtomically } from "./files.js";
import { readPointers, writePointers } from "./fitted-pointers.js";
import { fittedFolder, readOrFit } from "./fitted-store.js";
import { isLock, type Lock, takeLock } from "./lock.js";
import { phaseHandle } from "./phase-handle.js";
import { openConfig } from "./run-config.js";
import { silentTerminal, terminal } from "./terminal.js";

/** A run in a folder; nothing is written before `open`. */
export function directoryRun({ directory, signal, quiet }: RunOptions, logger: Logger): Run {
  const output = quiet === true ? silentTerminal : terminal(process.stderr);
  const store = join(dirname(resolve(directory)), "fitted");
  const opened: { lock?: Lock; sink?: LogSink; pointers: Record<string, string> } = { pointers: {} };
  const note = (message: string): void => {
    output.print(message);
    if (opened.lock !== undefined) appendNote(join(directory, "notes.log"), message);
  };
  const folders = new Map<string, CheckpointFolder>();
  const checkpointsOf = (phase: string): CheckpointFolder => {
    const folder = folders.get(phase) ?? checkpointFolder(join(directory, "checkpoints", phase), note);
    folders.set(phase, folder);
    return folder;
  };
  const fittedOf = (phase: string, address: string) => fittedFolder(store, { phase, address }, note);
  const handleOf = (phase: string, checkpoints: CheckpointFolder) =>
    phaseHandle({
      phase,
      signal: signal ?? new AbortController().signal,
      terminal: output,
      checkpoints,
      sink: () => opened.sink ?? notOpen(directory),
      note,
    });

  /** Each phase's last step that a checkpoint vouches for. */
  const validSteps = async (): Promise<ReadonlyMap<string, number>> => {
    const steps = new Map<string, number>();
    for (const phase of await namesIn(join(directory, "checkpoints"))) {
      const latest = await checkpointsOf(phase).clean();
      if (latest !== undefined) steps.set(phase, latest.step);
    }
    for (const [phase, address] of Object.entries(opened.pointers)) {
      const folder = fittedOf(phase, address);
      const done = (await folder.read()) !== undefined;
      const step = done ? Number.MAX_SAFE_INTEGER : (await folder.checkpoints.latest())?.step;
      if (step !== undefined) steps.set(phase, step);
    }
    return steps;
  };

  return {
    directory,
    open: async (config) => {
      await makeFolder(directory);
      opened.lock = await lockRun(directory);
      await openConfig(directory, config);
      await removeTemporaryFiles(directory);
      opened.pointers = await readPointers(directory);
      opened.sink = await logger.open(directory, await validSteps());
    },
    phase: (phase) => handleOf(phase, checkpointsOf(phase)),
    fitted: async (phase, address, compute) => {
      opened.pointers = { ...opened.pointers, [phase]: address };
      await writePointers(directory, opened.pointers);
      const folder = fittedOf(phase, address);
      const handle = handleOf(phase, folder.checkpoints);
      return await readOrFit(folder, handle, async (): Promise<Fitted> => {
        const fitted = await compute(handle);
        await opened.sink?.flush();
        return fitted;
      });
    },
    finish: (result: Json) => writeAtomically(join(directory, "result.json"), `${JSON.stringify(result, null, 2)}\n`),
    close: async () => {
      const { sink, lock } = opened;
      delete opened.sink;
      delete opened.lock;
      try {
        await sink?.close();
      } finally {
        await lock?.release();
      }
    },
  };
}

async function lockRun(directory: string): Promise<Lock> {
  const path = join(directory, "run.lock");
  const result = await takeLock(path);
  if (isLock(result)) return result;
  throw new FileError(`process ${result.pid} on ${result.host} writes this run`, {
    where: directory,
    remedy: `wait for it, or choose another directory; if it no longer exists, delete ${path}`,
  });
}

function appendNote(path: string, message: string): void {
  try {
    appendFileSync(path, `${new Date().toISOString()} ${message}\n`);
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

function notOpen(directory: string): never {
  throw new FileError("the run is not open", { where: directory, remedy: "call open(config) before writing" });
}
