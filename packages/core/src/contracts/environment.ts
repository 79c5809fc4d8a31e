import { defineKind } from "../registry/kind.js";

/** A box of real vectors; bounds are per entry and may be infinite. */
export interface Box {
  readonly shape: readonly [number];
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface StepResult {
  readonly observation: Float64Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Readonly<Record<string, number>>;
}

/** Opaque copy of a simulator's state. */
export interface EnvironmentSnapshot {
  readonly environmentId: string;
  readonly state: Readonly<Record<string, Float64Array>>;
}

/**
 * A simulator in Gymnasium's API shape.
 *
 * `step` after the end of an episode throws; call `reset` first. Actions are float32, used as given
 * (Gymnasium's tasks clamp the control, not the cost).
 */
export interface Environment {
  readonly id: string;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  /** Steps after which an episode is truncated. */
  readonly timeLimit: number;
  reset(seed: number): Float64Array;
  step(action: Float32Array): StepResult;
  /** Present where the simulator can be copied and put back. */
  snapshot?(): EnvironmentSnapshot;
  restore?(snapshot: EnvironmentSnapshot): void;
  /**
   * Begin an episode in a state that looks like `observation` [observation]; what observations do not show is at rest.
   * Present where such a state can be told from one observation.
   */
  resetToObservation?(observation: ArrayLike<number>): Float64Array;
  close(): void;
}

/** Makes environments: evaluation and collection need several of one kind. */
export interface EnvironmentFactory {
  readonly id: string;
  create(): Promise<Environment>;
}

export const EnvironmentSource = defineKind<EnvironmentFactory>()("environment", {
  summary: "a simulator, for evaluation and for making data; never seen by offline training",
});
