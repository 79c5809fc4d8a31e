import { type HostTensors, type Params, type SequenceModel, specsOf, unscoped } from "@lowerbound/core";
import type { TokenShape } from "./model/architecture.js";
import { byPosition } from "./model/network.js";
import { type NetworkShape, networkOf } from "./model/networks.js";
import { fitTokens } from "./training/fit.js";
import type { TokenOptions } from "./training/options.js";

/** What distinguishes a network as a model of sequences. */
export interface SequenceNetwork {
  /** What its tensors are kept under. */
  readonly scope: "gpt" | "lstm";
  shapeOf(tokens: TokenShape): NetworkShape;
  contextLength(fitted: HostTensors): number;
}

/** A network over tokens as a model of sequences. */
export const sequenceModelOf = (
  options: TokenOptions,
  { scope, shapeOf, contextLength }: SequenceNetwork,
): SequenceModel => ({
  vocabulary: options.bins + 1,
  stride: options.step,
  ...(options.heldOut === undefined ? {} : { holdsOut: options.heldOut }),
  fit: (context) => fitTokens(options, shapeOf, context),
  contextLength,
  parameters: specsOf,
  logits: (tokens, params: Params) => {
    const own = unscoped(scope, params);
    const [transition = 0] = own.heads?.shape ?? [];
    const [batch = 0, length = 0] = tokens.shape;
    const shape = shapeOf({ transition, bins: options.bins, terminates: true, positions: length });
    return byPosition(networkOf(shape).byPlace(tokens, own), batch, length);
  },
});
