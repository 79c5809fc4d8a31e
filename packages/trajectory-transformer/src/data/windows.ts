import { DataError } from "@lowerbound/core";

/** An episode in tokens [length, width]. */
export interface TokenPath {
  readonly length: number;
  readonly terminated: boolean;
  readonly tokens: Int32Array;
}

export interface WindowOptions {
  /** Transitions of a window. */
  readonly transitions: number;
  /** Every how many steps of an episode a transition is taken. */
  readonly step: number;
  /** Tokens of a transition. */
  readonly width: number;
  /** Stands in all positions after the end of an episode. */
  readonly terminationToken: number;
  /**
   * Which positions count in the loss. `terminated`: all whose target lies in the episode, or after a terminal state;
   * nobody knows what follows a cut. A number: as published, those of which the token read (not its target) is of a step
   * up to that number less `step`, however the episode ended.
   */
  readonly padding: "terminated" | number;
  /** What stands before a window as a transition of its own; nothing if left out. */
  readonly goal?: WindowGoal | undefined;
}

/**
 * An observation that a window leads to: the last one of its episode, or of the window itself. In place of the action and
 * what follows it stands the token of the end; no loss counts.
 *
 * Source: Trajectory Transformer (Janner et al. 2021), section 3.2, which puts the goal before the trajectory; as a whole
 * transition it needs no places of its own.
 */
export interface WindowGoal {
  readonly of: "episode" | "window";
  /** Entries of an observation. */
  readonly observation: number;
}

/** Windows of all paths: [windows, 2], the path and the step that each starts from. */
export interface Windows {
  readonly count: number;
  readonly starts: Int32Array;
}

/**
 * A window from every step of every path but its last one, so that paths of one step have none; of paths that
 * `lastToo` says, from the last one as well.
 *
 * Source: Trajectory Transformer (Janner et al. 2021), whose code does the same, without `lastToo`: an end then never
 * follows a window's first transition, and a model that reads one transition alone never learns that any does.
 * @throws DataError where no path has two steps
 */
export function windowsOf(lengths: readonly number[], lastToo: (path: number) => boolean = () => false): Windows {
  const starts = lengths.flatMap((length, path) =>
    Array.from({ length: Math.max(lastToo(path) ? length : length - 1, 0) }, (_, step) => [path, step]),
  );
  if (starts.length === 0) {
    throw new DataError("no episode has two steps", { where: "sequence", expected: "episodes to cut windows from" });
  }
  return { count: starts.length, starts: Int32Array.from(starts.flat()) };
}

/** Rows of a batch: tokens and targets int32 [batch, transitions * width - 1], mask (1 where the loss counts) likewise. */
export interface WindowBatch {
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
  readonly mask: Float32Array;
}

/** Tokens that the model reads of a window: all but the last, which is a target only. */
export const blockOf = ({ transitions, width, goal }: Pick<WindowOptions, "transitions" | "width" | "goal">): number =>
  (transitions + (goal === undefined ? 0 : 1)) * width - 1;

/** Targets of a window from step `start` of an episode that are not the token of the end. */
export const targetsOf = (
  length: number,
  start: number,
  { transitions, step, width, goal }: Pick<WindowOptions, "transitions" | "step" | "width" | "goal">,
): number => Math.min(transitions, Math.ceil((length - start) / step)) * width - 1 + (goal?.observation ?? 0);

export function windowBatch(batch: number, options: WindowOptions): WindowBatch {
  const size = batch * blockOf(options);
  return { tokens: new Int32Array(size), targets: new Int32Array(size), mask: new Float32Array(size) };
}

/** Write a window into row `row` of a batch: its tokens, the next token of each, and where the loss counts. */
export function fillWindow(
  path: TokenPath,
  start: number,
  options: WindowOptions,
  { into, row }: { readonly into: WindowBatch; readonly row: number },
): void {
  const { step, width, terminationToken } = options;
  const block = blockOf(options);
  const before = fillGoal(path, start, options, { into, row });
  const at = row * block + before;
  const length = block - before;
  for (let index = 0; index <= length; index++) {
    const time = start + Math.floor(index / width) * step;
    const inside = time < path.length;
    const token = inside ? path.tokens[time * width + (index % width)]! : terminationToken;
    if (index < length) into.tokens[at + index] = token;
    if (index > 0) into.targets[at + index - 1] = token;
    if (options.padding === "terminated") {
      if (index > 0) into.mask[at + index - 1] = inside || path.terminated ? 1 : 0;
    } else if (index < length) {
      into.mask[at + index] = time <= options.padding - step ? 1 : 0;
    }
  }
}

/** Write the goal before a window; how many tokens it takes. */
function fillGoal(
  path: TokenPath,
  start: number,
  { transitions, step, width, terminationToken, goal }: WindowOptions,
  { into, row }: { readonly into: WindowBatch; readonly row: number },
): number {
  if (goal === undefined) return 0;
  const last = path.length - 1;
  const time = goal.of === "episode" ? last : Math.min(start + (transitions - 1) * step, last);
  const at = row * blockOf({ transitions, width, goal });
  for (let place = 0; place < width; place++) {
    const token = place < goal.observation ? path.tokens[time * width + place]! : terminationToken;
    into.tokens[at + place] = token;
    if (place > 0) into.targets[at + place - 1] = token;
    into.mask[at + place] = 0;
  }
  into.targets[at + width - 1] = path.tokens[start * width]!;
  return width;
}
