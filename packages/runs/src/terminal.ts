import type { Progress } from "@lowerbound/core";
import { bar, type ProgressState, plainLine } from "./progress-text.js";

const REDRAW_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 30_000;
const ERASE = "\r\x1b[2K";

/** The part of a terminal (or pipe) that is used. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where notes and progress go. */
export interface Terminal {
  print(line: string): void;
  progress(title: string, total: number): Progress;
}

export const silentTerminal: Terminal = {
  print: () => {},
  progress: () => ({ update: () => {}, stop: () => {} }),
};

/** Bars on a terminal; elsewhere a plain line every 30 seconds. `now` is in milliseconds. */
export function terminal(output: Output, now: () => number = Date.now): Terminal {
  return output.isTTY === true ? barTerminal(output, now) : plainTerminal(output, now);
}

function barTerminal(output: Output, now: () => number): Terminal {
  // A terminal that does not know its width says 0.
  const columns = () => output.columns || 80;
  let drawn = "";
  const draw = (text: string) => {
    output.write(`${drawn === "" ? "" : ERASE}${text}`);
    drawn = text;
  };
  return {
    print: (line) => {
      const below = drawn;
      draw(`${line}\n`);
      drawn = "";
      if (below !== "") draw(below);
    },
    progress: (title, total) => {
      const state = tracker(title, total, now);
      return {
        update: (step, figures) => {
          if (state.update(step, figures, REDRAW_MILLISECONDS)) draw(bar(state.current(), columns()));
        },
        stop: () => {
          draw(`${bar(state.current(), columns())}\n`);
          drawn = "";
        },
      };
    },
  };
}

function plainTerminal(output: Output, now: () => number): Terminal {
  return {
    print: (line) => void output.write(`${line}\n`),
    progress: (title, total) => {
      const state = tracker(title, total, now);
      return {
        update: (step, figures) => {
          if (state.update(step, figures, PLAIN_MILLISECONDS)) output.write(`${plainLine(state.current())}\n`);
        },
        stop: () => {},
      };
    },
  };
}

/** Keeps what a progress line shows; `update` says whether `period` milliseconds have passed since it last did. */
function tracker(title: string, total: number, now: () => number) {
  const started = now();
  let shown = started;
  let first: number | undefined;
  let state: ProgressState = { title, total, step: 0, seconds: 0, stepsDone: 0, figures: {} };
  return {
    current: () => state,
    update: (step: number, figures: ProgressState["figures"] = state.figures, period: number): boolean => {
      first ??= step;
      state = { ...state, step, figures, stepsDone: step - first, seconds: (now() - started) / 1000 };
      if (now() - shown < period) return false;
      shown = now();
      return true;
    },
  };
}
