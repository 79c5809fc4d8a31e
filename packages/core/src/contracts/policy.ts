import { defineKind } from "../registry/kind.js";
import type { PolicyFunction } from "./optimiser.js";
import type { HostTensors } from "./tensors.js";

/** Rows of vectors: data [rows, columns]. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export interface PolicyCapabilities {
  readonly stochastic: boolean;
  readonly logProbability: boolean;
}

/** Chooses actions, for a batch of environments at once; a planner is one, too. */
export interface Policy<State = unknown> {
  readonly capabilities: PolicyCapabilities;
  /** Half-width of the box that actions lie in; 1 where left out. */
  readonly maximumAction?: number;
  /** Fresh state for `batch` environments; `seed` decides all its randomness. */
  init(batch: number, seed: number): Promise<State>;
  /** observations [batch, observation] -> actions [batch, action]. */
  act(
    observations: Matrix,
    state: State,
    options: { readonly deterministic: boolean },
  ): Promise<{ readonly actions: Matrix; readonly state: State }>;
  /**
   * The state of some of the environments, by their rows: of those that go on. Where it is there, the policy is not asked
   * for what would go unused, and acts on as many rows as are left.
   */
  keep?(state: State, rows: readonly number[]): State;
  /**
   * With the `logProbability` capability: log-density of actions [rows, action] that the policy, not made
   * deterministic, gives at observations [rows, observation] -> [rows], in nats.
   */
  logProbability?(observations: Matrix, actions: Matrix): Promise<Float32Array>;
  /** The policy as a pure function with its tensors, where it is one: others compile it into their programs. */
  readonly pure?: { readonly function: PolicyFunction; readonly tensors: HostTensors };
  close(): Promise<void>;
}

export const PolicySource = defineKind<Policy>()("policy", { summary: "chooses actions" });
