import { appendFileSync } from "node:fs";
import { join } from "node:path";
import {
  FileError,
  type Fitted,
  type Json,
  type Logger,
  type LogSink,
  type Run,
  type RunOptions,
} from "@lowerbound/core";
import type { CheckpointFolder } from "./checkpoint-folder.js";
import { fileError } from "./file-errors.js";
import { makeFolder, removeTemporaryFiles, writeAtomically } from "./files.js";
import { readPointers, writePointers } from "./fitted-pointers.js";
import { readOrFit } from "./fitted-store.js";
import { type Difference, differenceText } from "./json.js";
import { isLock, type Lock, takeLock } from "./lock.js";
import { phaseHandle } from "./phase-handle.js";
import { openConfig } from "./run-config.js";
import { openData } from "./run-data.js";
import { type RunFiles, runFiles } from "./run-files.js";
import { silentTerminal, terminal } from "./terminal.js";

/** What a run holds between `open` and `close`. */
interface Opened {
  readonly lock: Lock;
  sink?: LogSink;
  pointers: Readonly<Record<string, string>>;
}

/** A run in a folder; nothing is written before `open`. */
export function directoryRun({ directory, signal = never, quiet }: RunOptions, logger: Logger): Run {
  const output = quiet === true ? silentTerminal : terminal(process.stderr);
  let opened: Opened | undefined;
  const note = (message: string): void => {
    output.print(message);
    if (opened !== undefined) appendNote(join(directory, "notes.log"), message);
  };
  const files = runFiles(directory, note);
  const sink = () => opened?.sink ?? notOpen(directory);
  const handleOf = (phase: string, checkpoints: CheckpointFolder) =>
    phaseHandle({ phase, signal, terminal: output, checkpoints, sink, note });
  return {
    directory,
    open: async (config, { fingerprint, ...terms } = {}) => {
      await makeFolder(directory);
      opened = { lock: await lockRun(directory), pointers: {} };
      const changed = await openConfig(directory, config, terms, async () => {
        if (fingerprint !== undefined) await openData(directory, fingerprint);
      });
      await readyFolder(directory, opened, files, logger);
      if (changed.length > 0) note(changedText(changed));
    },
    phase: (phase) => handleOf(phase, files.checkpoints(phase)),
    filed: async (phase) => {
      const address = (opened ?? notOpen(directory)).pointers[phase];
      if (address === undefined) return undefined;
      return (await files.fitted(phase, address).read()) === undefined ? undefined : address;
    },
    fitted: async (phase, address, compute) => {
      if (opened === undefined) return notOpen(directory);
      opened.pointers = { ...opened.pointers, [phase]: address };
      await writePointers(directory, opened.pointers);
      const folder = files.fitted(phase, address);
      const handle = handleOf(phase, folder.checkpoints);
      return await readOrFit(folder, handle, () => flushed(compute(handle), sink()));
    },
    finish: (result: Json) => writeAtomically(join(directory, "result.json"), `${JSON.stringify(result, null, 2)}\n`),
    close: async () => {
      const closing = opened;
      opened = undefined;
      await closeAll(closing);
    },
  };
}

const never = new AbortController().signal;

const changedText = (changed: readonly Difference[]): string =>
  `goes on otherwise than it began, ${changed.map(differenceText).join("; ")}: the same up to rounding, no longer to the byte`;

/** Take away what a killed process left and open the record of figures where its checkpoints end. */
async function readyFolder(directory: string, opened: Opened, files: RunFiles, logger: Logger): Promise<void> {
  await removeTemporaryFiles(directory);
  opened.pointers = await readPointers(directory);
  opened.sink = await logger.open(directory, await files.validSteps(opened.pointers));
}

/** A fit's figures must be durable before its result is: a finished fit does not write them again. */
async function flushed(fitting: Promise<Fitted>, sink: LogSink): Promise<Fitted> {
  const fitted = await fitting;
  await sink.flush();
  return fitted;
}

async function closeAll(opened: Opened | undefined): Promise<void> {
  try {
    await opened?.sink?.close();
  } finally {
    await opened?.lock.release();
  }
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
