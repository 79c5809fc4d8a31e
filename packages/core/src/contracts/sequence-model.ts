import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";
import type { Fittable } from "./fit.js";
import type { HostTensors, Params, Specs } from "./tensors.js";

export interface SequenceModelCapabilities {
  /** `decode` continues from a cache instead of reading the whole context again. */
  readonly cachedDecoding: boolean;
  readonly differentiable: boolean;
}

/** A density over token sequences: Trajectory Transformer, LSTM, or any other density estimator. */
export interface SequenceModel extends Fittable {
  readonly capabilities: SequenceModelCapabilities;
  /** Tokens a dimension can take, dimensions a transition has, and the longest context, in tokens. */
  readonly vocabulary: number;
  contextLength(fitted: HostTensors): number;
  parameters(fitted: HostTensors): Specs;
  /** tokens int32 [batch, sequence] -> logits of each next token [batch, sequence, vocabulary]. */
  logits(tokens: Tensor, params: Params): Tensor;
  initialCache?(batch: number): Specs;
  /** One token [batch, 1] after a cached context -> its logits [batch, vocabulary] and the grown cache. */
  decode?(token: Tensor, cache: Params, params: Params): { readonly logits: Tensor; readonly cache: Params };
}

export const SequenceModel = defineKind<SequenceModel>()("sequence", { summary: "a density of whole trajectories" });
