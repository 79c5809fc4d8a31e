import type { DatasetInfo } from "@lowerbound/core";
import { ConfigError } from "@lowerbound/core";
import type { RowSource } from "./rows.js";

export type ReferenceReturns = NonNullable<DatasetInfo["reference"]>;

/** Undiscounted returns of a random and of an expert policy, by task. Source: D4RL's table of reference scores. */
const returns: Readonly<Record<string, readonly [random: number, expert: number]>> = {
  ant: [-325.6, 3879.7],
  antmaze: [0, 1],
  door: [-56.512833, 2880.5693087298737],
  halfcheetah: [-280.178953, 12135],
  hammer: [-274.856578, 12794.134825156867],
  hopper: [-20.272305, 3234.3],
  kitchen: [0, 4],
  "maze2d-large-dense": [30.569041, 303.4857382709002],
  "maze2d-large": [6.7, 273.99],
  "maze2d-medium-dense": [44.264742, 297.4552547777125],
  "maze2d-medium": [13.13, 277.39],
  "maze2d-open-dense": [11.17817, 27.166538620695782],
  "maze2d-open": [0.01, 20.66],
  "maze2d-umaze-dense": [68.537689, 193.66285642381482],
  "maze2d-umaze": [23.85, 161.86],
  pen: [96.262799, 3076.8331017826877],
  relocate: [-6.425911, 4233.877797728884],
  walker2d: [1.629008, 4592.3],
};

const SOURCE = "D4RL (MuJoCo v2 tasks); returns of Gymnasium's v5 differ slightly";
const tasks = Object.keys(returns).sort((a, b) => b.length - a.length);

/** What D4RL's and Minari's names say after the task, a version apart. */
const KINDS: readonly string[] = [
  ...["bc", "clipped", "cloned", "combined", "complete", "demos", "diverse", "expert", "full", "human", "large"],
  ...["medium", "mixed", "partial", "play", "random", "replay", "simple", "sparse", "umaze"],
];

/** Tasks with reference returns. */
export const referenceTasks: readonly string[] = Object.keys(returns);

/**
 * Reference returns for a dataset or environment: `hopper-medium-v2`, `mujoco/hopper/medium-v0`, `Hopper-v5`.
 *
 * After the task a name may say only what such names say: `door-2026` is none.
 * @returns undefined for a task without any
 */
export function referenceFor(name: string): ReferenceReturns | undefined {
  const plain = name
    .toLowerCase()
    .replaceAll(/[/_]/g, "-")
    .replace(/^(mujoco|d4rl)-/, "");
  const task = tasks.find(
    (each) => plain === each || (plain.startsWith(`${each}-`) && isKind(plain.slice(each.length))),
  );
  const pair = task === undefined ? undefined : returns[task];
  return pair === undefined ? undefined : { random: pair[0], expert: pair[1], source: SOURCE };
}

/** Of `-medium-replay-v2`, `-v0-demos-clipped` and the like. */
const isKind = (rest: string): boolean =>
  rest
    .split("-")
    .slice(1)
    .every((word) => /^v\d+$/.test(word) || KINDS.includes(word));

/** Reference returns by a source's environment, else by its name, which of a user's log says nothing. */
export function referenceOf({ environmentId, name, columns }: RowSource): ReferenceReturns | undefined {
  const known = environmentId ?? (columns === undefined ? name : undefined);
  return known === undefined ? undefined : referenceFor(known);
}

/**
 * D4RL's normalised score of an undiscounted return, as a fraction; papers multiply it by 100.
 *
 * (return - random) / (expert - random). A spread is divided by (expert - random) alone, not passed through this.
 * @throws ConfigError for a task without reference returns
 */
export function normalisedScore(name: string, undiscountedReturn: number): number {
  const reference = referenceFor(name);
  if (reference === undefined) {
    throw new ConfigError(`there are no reference returns for "${name}"`, {
      expected: `a name of D4RL's, such as "hopper-medium-v2", of one of ${referenceTasks.join(", ")}`,
      remedy: "report the plain return",
    });
  }
  return (undiscountedReturn - reference.random) / (reference.expert - reference.random);
}
