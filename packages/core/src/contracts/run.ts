import { defineKind } from "../registry/kind.js";
import type { Fitted, Json } from "./fit.js";
import type { HostTensors } from "./tensors.js";

/** All that a phase needs to go on bit for bit: tensors (a copy is taken) and JSON (counters, random state). */
export interface Checkpoint {
  readonly step: number;
  readonly tensors: HostTensors;
  readonly data: { readonly [key: string]: Json };
}

export interface Progress {
  /** Show that `step` of the total is done, with a few figures beside it. */
  update(step: number, figures?: Readonly<Record<string, number | string>>): void;
  stop(): void;
}

/** One phase's window on the run directory and the terminal; phases are "dynamics", "penalty", "train", ... */
export interface RunHandle {
  /** Aborted by Ctrl-C: save a checkpoint and throw `signal.reason`. */
  readonly signal: AbortSignal;
  /** Record figures at a step; rows after the checkpoint a run resumes from are dropped and written anew. */
  log(step: number, figures: Readonly<Record<string, number>>): void;
  /** Write a checkpoint: temporary name, synced, renamed. The last two are kept. */
  checkpoint(checkpoint: Checkpoint): Promise<void>;
  /** The newest checkpoint whose checksum holds, or undefined. */
  latest(): Promise<Checkpoint | undefined>;
  /** Keep a named snapshot beside the checkpoints ("best", "last"). */
  keep(name: string, checkpoint: Checkpoint): Promise<void>;
  /** The snapshot kept under that name, or undefined. */
  kept(name: string): Promise<Checkpoint | undefined>;
  progress(title: string, total: number): Progress;
  /** A sentence for the user and the run's log. */
  note(message: string): void;
}

export interface RunOptions {
  /** Where the run lives; created if absent. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** Terminal output; silent when false. */
  readonly quiet?: boolean;
}

/** In what a run that goes on may differ from the one that was started. */
export interface RunTerms {
  /** Paths of numbers that may be larger, such as `algorithm.updates`. */
  readonly mayGrow?: readonly string[];
  /** Parts that may be others, such as `engine`: the machine's, not the method's. */
  readonly mayChange?: readonly string[];
  /** Of the data, which is to be what it was. */
  readonly fingerprint?: string;
}

/** An open run directory. */
export interface Run {
  readonly directory: string;
  /**
   * Write `config.json`, or check that the one there says the same within the terms.
   * @throws ConfigError naming the options that differ; DataError for other data
   */
  open(config: Json, terms?: RunTerms): Promise<void>;
  phase(name: string): RunHandle;
  /**
   * Address of the finished result of a fit phase that the run uses already, or undefined: a run that goes on, on another
   * engine say, goes on with what it has learnt from. A store that fits anew leaves it out.
   */
  filed?(phase: string): Promise<string | undefined>;
  /** Result of a fit phase filed under its content address, or computed and filed now. */
  fitted(phase: string, address: string, compute: (handle: RunHandle) => Promise<Fitted>): Promise<Fitted>;
  /** Write `result.json`. */
  finish(result: Json): Promise<void>;
  close(): Promise<void>;
}

export interface RunStore {
  create(options: RunOptions): Promise<Run>;
}

export const RunStore = defineKind<RunStore>()("run", {
  summary: "where a run keeps its files",
  default: "directory",
});
