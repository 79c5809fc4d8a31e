import type { Box } from "@lowerbound/core";
import type { EnvironmentRecipe } from "../factory.js";
import type { LaneSteps } from "../rollout/lanes.js";
import type { RecordedEpisode, RecordOptions } from "../rollout/record-episode.js";

/** What another thread needs to make a policy: it calls `module`'s `export` with the argument. */
export interface PolicyRecipe {
  /** URL of an ES module. */
  readonly module: string;
  /** Name of an exported function `(argument) => Policy | Promise<Policy>`. */
  readonly export: string;
  /** Plain data and typed arrays; copied to the thread. */
  readonly argument: unknown;
}

/** Spaces and time limit of the environments that a worker made. */
export interface MadeLanes {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly timeLimit: number;
}

/** Everything that a worker can be asked for: parameters and answer of each task. */
export interface Tasks {
  /** Make the lanes that `reset` and `step` mean, in place of earlier ones. */
  make: { parameters: { readonly recipe: EnvironmentRecipe; readonly count: number }; answer: MadeLanes };
  reset: {
    parameters: { readonly lanes: readonly number[]; readonly seeds: readonly number[] };
    answer: Float64Array;
  };
  step: { parameters: { readonly lanes: readonly number[]; readonly actions: Float32Array }; answer: LaneSteps };
  /** Make the environment and the policy that `record` means, in place of earlier ones. */
  prepare: {
    parameters: { readonly recipe: EnvironmentRecipe; readonly policy: PolicyRecipe };
    answer: undefined;
  };
  record: { parameters: { readonly episode: number; readonly options: RecordOptions }; answer: RecordedEpisode };
}

export type TaskName = keyof Tasks;
export type Parameters<Name extends TaskName> = Tasks[Name]["parameters"];
export type Answer<Name extends TaskName> = Tasks[Name]["answer"];

/** One request on its way to a worker. */
export type Envelope = { [Name in TaskName]: { id: number; task: Name; parameters: Parameters<Name> } }[TaskName];

export type Reply =
  | { readonly id: number; readonly ok: true; readonly answer: Answer<TaskName> }
  | { readonly id: number; readonly ok: false; readonly message: string };
