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
  /** What an empty cache holds; its sizes are the fitted model's. */
  initialCache?(batch: number, fitted: HostTensors): Specs;
  /**
   * A token int32 [batch, 1] at `position` int32 [1] after a cached context -> logits of the next one [batch, vocabulary],
   * and what the token adds to the cache: the caller keeps the cache, so that beams can share and reorder it without
   * copying it at each token.
   */
  decode?(
    token: Tensor,
    position: Tensor,
    cache: Params,
    params: Params,
  ): { readonly logits: Tensor; readonly added: Params };
}

export const SequenceModel = defineKind<SequenceModel>()("sequence", { summary: "a density of whole trajectories" });
