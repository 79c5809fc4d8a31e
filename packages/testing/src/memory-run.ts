import type { Checkpoint, RunHandle } from "@lowerbound/core";

/** A run in memory, for tests of what resumes: keeps checkpoints and figures, and aborts where told to. */
export interface MemoryRun extends RunHandle {
  readonly checkpoints: readonly Checkpoint[];
  readonly snapshots: ReadonlyMap<string, Checkpoint>;
  readonly rows: readonly { readonly step: number; readonly figures: Readonly<Record<string, number>> }[];
}

export interface MemoryRunOptions {
  /** Abort when progress has come this far, as Ctrl-C does. */
  readonly abortAt?: number;
  /** Abort after so many updates of all progress bars together: in the middle of a later stage. */
  readonly abortAfter?: number;
  /** The checkpoint to go on from. */
  readonly from?: Checkpoint;
}

export function memoryRun({ abortAt, abortAfter, from }: MemoryRunOptions = {}): MemoryRun {
  const controller = new AbortController();
  const checkpoints: Checkpoint[] = from === undefined ? [] : [from];
  const snapshots = new Map<string, Checkpoint>();
  let updates = 0;
  const rows: { step: number; figures: Readonly<Record<string, number>> }[] = [];
  return {
    checkpoints,
    snapshots,
    rows,
    signal: controller.signal,
    log: (step, figures) => void rows.push({ step, figures }),
    checkpoint: async (checkpoint) => void checkpoints.push(copyOf(checkpoint)),
    latest: async () => checkpoints.at(-1),
    keep: async (name, checkpoint) => void snapshots.set(name, copyOf(checkpoint)),
    kept: async (name) => snapshots.get(name),
    progress: () => ({
      update: (step) => {
        updates += 1;
        if (updates === abortAfter || (abortAt !== undefined && step >= abortAt))
          controller.abort(new Error("interrupted"));
      },
      stop: () => {},
    }),
    note: () => {},
  };
}

const copyOf = (checkpoint: Checkpoint): Checkpoint => structuredClone(checkpoint);
