import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";
import type { Fittable } from "./fit.js";
import type { HostTensors, Params, Specs } from "./tensors.js";

/**
 * A density over token sequences: Trajectory Transformer, LSTM, or any other density estimator.
 *
 * What `fit` leaves behind holds, beside the model's own tensors, what its tokens stand for, by which anything plans and
 * samples in it: `thresholds` float32 [transition, vocabulary], the edges of each dimension's bins, and `sizes` int32 [4]:
 * one for the model's own use, observation entries, action entries, 1 where a goal stands before each sequence, else 0.
 * A transition is observation, action, reward and return-to-go, a token an entry. Returns-to-go of the past are not known
 * when a plan begins: the last bin stands for all but the one just drawn, and logits should not depend on them.
 */
export interface SequenceModel extends Fittable {
  /** Tokens a dimension can take: its bins, and last the one that stands after an episode's end. */
  readonly vocabulary: number;
  /** Every how many steps of an episode a sequence takes a transition; each if left out, as whatever plans or steps in it needs. */
  readonly stride?: number;
  /** The longest context, in tokens. */
  contextLength(fitted: HostTensors): number;
  parameters(fitted: HostTensors): Specs;
  /** tokens int32 [batch, sequence], a transition's first one first -> logits of each next token [batch, sequence, vocabulary]. */
  logits(tokens: Tensor, params: Params): Tensor;
}

export const SequenceModel = defineKind<SequenceModel>()("sequence", { summary: "a density of whole trajectories" });
