import { ConfigError } from "@lowerbound/core";
import type { Steps } from "./rows.js";

/**
 * Which rows become transitions, and with which next observation.
 *
 * - `true-next` (ours): every row whose next observation is known; a terminal without one keeps its own observation.
 * - `with-next`: OfflineRL-Kit on files with next observations; time-out rows are dropped, terminal or not.
 * - `without-next`: OfflineRL-Kit on files without them; time-outs and terminals are dropped, so no terminal is left.
 * - `with-next-keep-ends`: OfflineRL-Kit with `terminate_on_end`; every row, time-outs not marked.
 * - `d4rl`: D4RL's `qlearning_dataset`; time-outs dropped, and the next observation is always the following row's,
 *   so that a terminal's belongs to the next episode: harmless for values, wrong for learning dynamics.
 *
 * The four public ones never keep the last row of the file.
 */
export const conventions = ["true-next", "with-next", "without-next", "with-next-keep-ends", "d4rl"] as const;

export type Convention = (typeof conventions)[number];

/** Where a transition's next observation comes from. */
export type NextSource = "stored" | "following";

/** The rows that become transitions, in order. */
export interface Selection {
  readonly rows: Int32Array;
  readonly next: NextSource;
  /** [rows] 1 where nobody knows the next observation: a terminal's, which keeps its own. */
  readonly ownNext: Uint8Array;
  /** [rows] The file's terminal flags. */
  readonly terminations: Uint8Array;
}

type Flags = Pick<Steps, "terminations" | "timeouts" | "episodeStarts">;

/** Choose rows by a convention. @throws ConfigError if it needs stored next observations and there are none. */
export function selectRows(convention: Convention, steps: Flags, stored: boolean): Selection {
  if (!stored && (convention === "with-next" || convention === "with-next-keep-ends")) {
    throw new ConfigError(`the convention "${convention}" needs stored next observations, and the data has none`, {
      expected: '"true-next", "without-next" or "d4rl"',
      remedy: "choose another convention",
    });
  }
  const count = steps.terminations.length;
  const ends = episodeEnds(steps.episodeStarts, count);
  const rows: number[] = [];
  const own: number[] = [];
  for (let row = 0; row < count; row++) {
    const terminal = steps.terminations[row] !== 0;
    const kept = keeps(convention, {
      terminal,
      timeout: steps.timeouts[row] !== 0,
      last: row === count - 1,
      stored,
      end: ends[row] !== 0,
    });
    if (kept) rows.push(row);
    if (kept) own.push(convention === "true-next" && !stored && ends[row] !== 0 ? 1 : 0);
  }
  return {
    rows: Int32Array.from(rows),
    ownNext: Uint8Array.from(own),
    next: stored && convention !== "d4rl" && convention !== "without-next" ? "stored" : "following",
    terminations: Uint8Array.from(rows, (row) => (steps.terminations[row] !== 0 ? 1 : 0)),
  };
}

interface RowFacts {
  readonly terminal: boolean;
  readonly timeout: boolean;
  readonly last: boolean;
  readonly end: boolean;
  readonly stored: boolean;
}

function keeps(convention: Convention, { terminal, timeout, last, end, stored }: RowFacts): boolean {
  switch (convention) {
    case "true-next":
      return stored || !end || terminal;
    case "with-next":
    case "d4rl":
      return !last && !timeout;
    case "without-next":
      return !last && !timeout && !terminal;
    case "with-next-keep-ends":
      return !last;
  }
}

function episodeEnds(starts: Int32Array, count: number): Uint8Array {
  const ends = new Uint8Array(count);
  for (let episode = 1; episode < starts.length; episode++) ends[starts[episode]! - 1] = 1;
  return ends;
}
