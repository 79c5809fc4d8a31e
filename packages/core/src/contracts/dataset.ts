import { defineKind } from "../registry/kind.js";

/** Sizes and bounds that come with the data; nothing in a configuration repeats them. */
export interface Dimensions {
  readonly observation: number;
  readonly action: number;
}

/** One episode, T steps: observations [T + 1, observation], actions [T, action], rewards [T]. */
export interface Episode extends Dimensions {
  readonly length: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  /** The last step reached a terminal state. */
  readonly terminated: boolean;
  /** The last step was cut by a time limit, or by the end of the collection. */
  readonly truncated: boolean;
  /** False where the layout did not store the observation after the last step; it is then a copy of the last one. */
  readonly finalObservationKnown: boolean;
}

/**
 * All usable transitions, flat: observations [count, observation], actions [count, action], rewards [count],
 * nextObservations [count, observation], terminations [count] (1 only at true terminal states).
 */
export interface Transitions extends Dimensions {
  readonly count: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  readonly terminations: Uint8Array;
  /** Index of the first transition of each episode, and `count` at the end. */
  readonly episodeStarts: Int32Array;
}

/** Facts about a dataset, read without loading its steps. */
export interface DatasetInfo extends Dimensions {
  readonly name: string;
  readonly layout: string;
  readonly path?: string;
  readonly environmentId?: string;
  readonly episodes: number;
  readonly steps: number;
  /** What each action entry lies between, where that is known and finite. */
  readonly actionBounds?: readonly { readonly low: number; readonly high: number }[];
  /** Returns of a random and of an expert policy, for normalised scores. */
  readonly reference?: { readonly random: number; readonly expert: number; readonly source: string };
  /** Undiscounted returns of the episodes. */
  readonly returns: { readonly mean: number; readonly std: number; readonly min: number; readonly max: number };
  /** SHA-256 of the content and of how it is read, hexadecimal: what a fitted part is filed under. */
  readonly fingerprint: string;
}

/** Logged trajectories in one episode form, whatever file they lie in. */
export interface Dataset {
  info(): Promise<DatasetInfo>;
  /** Episodes in order, read piece by piece: a file larger than memory can be iterated. */
  episodes(): AsyncIterable<Episode>;
  /** All transitions in memory, read once and kept. No next observation crosses an episode. */
  transitions(): Promise<Transitions>;
  close(): Promise<void>;
}

export const Dataset = defineKind<Dataset>()("dataset", {
  summary: "logged trajectories",
  functions: ["info", "episodes", "transitions", "close"],
});
