import { DataError, type Dataset } from "@lowerbound/core";
import { joinedRows, type Path, pathOf, transitionSize } from "../data/paths.js";
import {
  fillWindow,
  type TokenPath,
  targetsOf,
  type WindowBatch,
  type WindowOptions,
  type Windows,
  windowsOf,
} from "../data/windows.js";
import { type Discretiser, encode } from "../discretise/discretiser.js";
import { fitDiscretiser } from "../discretise/fit.js";
import type { TokenOptions } from "./options.js";

/** A dataset's episodes in tokens, and the windows that training draws from. */
export interface TokenData {
  readonly discretiser: Discretiser;
  readonly paths: readonly TokenPath[];
  readonly windows: Windows;
  readonly window: WindowOptions;
}

/** Targets of a window that are not the token of the end, on average over all windows. */
export function meanTargets({ paths, windows, window }: TokenData): number {
  let sum = 0;
  for (let at = 0; at < windows.starts.length; at += 2) {
    sum += targetsOf(paths[windows.starts[at]!]!.length, windows.starts[at + 1]!, window);
  }
  return sum / windows.count;
}

/** What of training's options decides over tokens and windows. */
export type TokenDataOptions = Pick<
  TokenOptions,
  "transitions" | "step" | "bins" | "strategy" | "discount" | "terminationPenalty" | "goal"
> & {
  /** Windows start at the last step of episodes that reached a terminal state, too. */
  readonly terminalSteps?: boolean;
};

/** What a part that reads one transition alone asks of the fit: to learn from terminal steps that nothing comes before. */
export const TERMINAL_STEPS = "terminal-steps";

/**
 * A dataset in tokens, of bins that are fitted to it or were fitted to another.
 *
 * @throws DataError where the dataset has no episode of two steps, or a value that is not finite
 */
export async function tokenDataOf(dataset: Dataset, options: TokenDataOptions, bins?: Discretiser): Promise<TokenData> {
  const paths: Path[] = [];
  for await (const episode of dataset.episodes()) paths.push(pathOf(episode, options));
  const { observation, action } = await dataset.info();
  const width = transitionSize({ observation, action });
  if (paths.length === 0) throw new DataError("the dataset has no episodes", { where: "sequence" });
  const discretiser = bins ?? rounded(fitDiscretiser(joinedRows(paths), width, options));
  return {
    discretiser,
    paths: paths.map(({ length, terminated, rows }) => ({ length, terminated, tokens: encode(discretiser, rows) })),
    windows: windowsOf(
      paths.map(({ length }) => length),
      (path) => options.terminalSteps === true && paths[path]!.terminated,
    ),
    window: {
      transitions: options.transitions,
      step: options.step,
      width,
      terminationToken: options.bins,
      padding: "terminated",
      goal: options.goal === undefined ? undefined : { of: options.goal, observation },
    },
  };
}

/** Thresholds as they are kept, in float32: a value on one has the same bin in training and afterwards. */
const rounded = (discretiser: Discretiser): Discretiser => ({
  ...discretiser,
  thresholds: Float64Array.from(discretiser.thresholds, Math.fround),
});

/** Fill a batch with the windows of given numbers. */
export function fillBatch({ paths, windows, window }: TokenData, numbers: Int32Array, into: WindowBatch): void {
  for (const [row, number] of numbers.entries()) {
    const path = paths[windows.starts[2 * number]!]!;
    fillWindow(path, windows.starts[2 * number + 1]!, window, { into, row });
  }
}
