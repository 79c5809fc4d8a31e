import type { LogSink, RunHandle } from "@lowerbound/core";
import type { CheckpointFolder } from "./checkpoint-folder.js";
import type { Terminal } from "./terminal.js";

export interface PhaseParts {
  readonly phase: string;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  readonly checkpoints: CheckpointFolder;
  readonly sink: () => LogSink;
  readonly note: (message: string) => void;
}

/** One phase's window on a run. */
export function phaseHandle({ phase, signal, terminal, checkpoints, sink, note }: PhaseParts): RunHandle {
  return {
    signal,
    log: (step, figures) => sink().write({ phase, step, time: Date.now() / 1000, figures }),
    // Rows up to a checkpoint must be durable before it is: a resumed run does not write them again.
    checkpoint: (checkpoint) => checkpoints.save(checkpoint, () => sink().flush()),
    latest: checkpoints.latest,
    keep: checkpoints.keep,
    kept: checkpoints.kept,
    progress: (title, total) => terminal.progress(title, total),
    note: (message) => note(`${phase}: ${message}`),
  };
}
