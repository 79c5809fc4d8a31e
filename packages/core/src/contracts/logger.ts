import { defineKind } from "../registry/kind.js";

/** One row of figures of a phase. */
export interface LogRow {
  readonly phase: string;
  readonly step: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** Where figures go: JSON Lines, CSV, TensorBoard, or a user's own. */
export interface LogSink {
  write(row: LogRow): void;
  /** Make everything written so far durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a sink for one run; `resumeAfter` gives each phase's last valid step, later rows are to be dropped. */
export interface Logger {
  open(directory: string, resumeAfter: ReadonlyMap<string, number>): Promise<LogSink>;
}

export const Logger = defineKind<Logger>()("logger", { summary: "where a run's figures go", default: "standard" });
