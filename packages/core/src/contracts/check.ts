import type { DatasetInfo } from "./dataset.js";

/** What a part can be asked of a log before anything is fitted. */
export interface LogFacts extends DatasetInfo {
  /** Episodes that no fit phase will learn from; 0 where no part holds any out. */
  readonly heldOut: number;
}

/** A part that can tell from the facts of a log that it cannot use it. */
export interface Checking {
  /** Refuse what would be refused later, before the run is made and anything fitted. @throws DataError */
  check?(log: LogFacts): void | Promise<void>;
}

export const isChecking = (part: unknown): part is Required<Checking> =>
  typeof part === "object" && part !== null && "check" in part && typeof part.check === "function";
