import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { Checking } from "./check.js";
import type { Dataset, Dimensions } from "./dataset.js";
import type { Engine } from "./engine.js";
import type { Evaluator } from "./evaluator.js";
import type { Fitted, Json } from "./fit.js";
import type { Matrix, Policy } from "./policy.js";
import type { RunHandle } from "./run.js";
import type { HostTensors } from "./tensors.js";

export interface TrainContext {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly random: Random;
  readonly run: RunHandle;
  readonly fitted: (kindName: string) => Fitted;
  /** Present only when the user asked for evaluation in a simulator. */
  readonly evaluator: Evaluator | undefined;
}

/** What training ends with: the policy's tensors, and figures for `result.json`. */
export interface Trained {
  readonly tensors: HostTensors;
  readonly facts: { readonly [key: string]: Json };
}

export interface ImagineContext {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly random: Random;
  readonly fitted: (kindName: string) => Fitted;
  /** The policy's tensors. */
  readonly tensors: HostTensors;
  /** First observations [episodes, observation]. */
  readonly starts: Matrix;
  /** Steps after which an imagined episode is cut. */
  readonly horizon: number;
}

export interface Algorithm extends Checking {
  /**
   * Options, such as `updates`, that a run may be resumed with larger values of, since all that was done up to then is what
   * a run with the larger one does as well, a fit phase of its own included; none where left out.
   */
  readonly mayGrow?: readonly string[];
  train(context: TrainContext): Promise<Trained>;
  /** The policy that trained (or checkpointed) tensors stand for. */
  policy(context: {
    readonly dimensions: Dimensions;
    readonly engine: Engine;
    readonly tensors: HostTensors;
  }): Promise<Policy>;
  /**
   * Undiscounted, unpenalised returns [episodes] that the learnt model promises the policy's mode from given starts;
   * not finite where it diverges, absent without a model. Beside the true returns they show how far the policy fools its model.
   */
  imagine?(context: ImagineContext): Promise<Float64Array>;
}

export const Algorithm = defineKind<Algorithm>()("algorithm", {
  summary: "turns data into a policy",
  functions: ["train", "policy"],
});
