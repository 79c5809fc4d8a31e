import type { DatasetInfo } from "@lowerbound/core";
import type { Convention } from "../conventions.js";

/** What one key of a file holds. */
export interface ColumnReport {
  readonly key: string;
  /** Values that are NaN or infinite, and the row of the first. */
  readonly nonFinite: number;
  readonly firstNonFiniteRow: number | undefined;
  /** Least and greatest finite value of each entry. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** Entries that never change. */
  readonly constant: readonly number[];
  /** Entries most of whose changes from row to row are lost in single precision. */
  readonly collapsed: readonly number[];
}

/** What a loader would make of the file. */
export interface ConventionReport {
  readonly convention: Convention;
  /** Why it cannot be used on this file. */
  readonly unusable?: string;
  readonly transitions: number;
  readonly terminals: number;
  /** Rows of the file that are left out. */
  readonly dropped: number;
  /** Transitions whose next observation belongs to another episode. */
  readonly crossing: number;
}

export interface Finding {
  /** An error is what training refuses. */
  readonly severity: "error" | "warning" | "note";
  readonly text: string;
  /** What the user can do now. */
  readonly remedy?: string;
}

/** All that the doctor found; plain data. */
export interface DatasetReport {
  readonly path: string;
  readonly layout: string;
  readonly environmentId: string | undefined;
  readonly observation: number;
  readonly action: number;
  readonly steps: number;
  readonly episodes: number;
  readonly lengths: { readonly min: number; readonly median: number; readonly max: number };
  readonly returns: DatasetInfo["returns"];
  readonly reference: DatasetInfo["reference"];
  readonly ends: EndsReport;
  /** Columns of a user's log that seem to say where episodes end, and that nothing reads. */
  readonly unread: readonly string[];
  readonly columns: readonly ColumnReport[];
  readonly actionsOutside: OutsideReport;
  readonly succession: SuccessionReport;
  readonly conventions: readonly ConventionReport[];
  readonly findings: readonly Finding[];
}

/** Action entries outside their bounds, or outside [-1, 1] where `unbounded`: then nothing refuses them. */
export interface OutsideReport {
  readonly count: number;
  readonly firstRow: number | undefined;
  readonly unbounded: boolean;
}

/** How episodes end, in rows. */
export interface EndsReport {
  readonly terminals: number;
  readonly timeouts: number;
  /** Rows that are both: some loaders drop them, and the terminal with them. */
  readonly both: number;
  /** Episodes that no flag ends, the last one apart. */
  readonly unmarked: number;
  /** The end of the file cuts the last episode. */
  readonly cutByEnd: boolean;
  /** Neither the file nor the configuration says which steps a time limit cut. */
  readonly cutsUnknown: boolean;
}

/** Whether rows follow one another, inside episodes. */
export interface SuccessionReport {
  readonly nextObservationsStored: boolean;
  /** Rows whose stored next observation is not the following row's observation: something between them was dropped. */
  readonly broken: number;
  readonly firstBrokenRow: number | undefined;
  /** Rows whose observation equals the one before. */
  readonly repeated: number;
  readonly firstRepeatedRow: number | undefined;
}
