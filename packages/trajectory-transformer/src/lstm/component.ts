import { defineComponent, SequenceModel, specsOf, unscoped } from "@lowerbound/core";
import { byPosition } from "../model/network.js";
import { fitTokens } from "../training/fit.js";
import { type LstmOptions, lstmOptions } from "../training/options.js";
import { lstmByPlace } from "./network.js";
import type { LstmShape } from "./shape.js";

/** An LSTM as a model of sequences of tokens. */
export function createLstm(options: LstmOptions): SequenceModel {
  const { layers, embedding, bins } = options;
  const own = { network: "lstm", layers, embedding } as const;
  return {
    // Its decoder keeps states outside the graph, as the Transformer's keeps its cache.
    capabilities: { cachedDecoding: false, differentiable: true },
    vocabulary: bins + 1,
    ...(options.heldOut === undefined ? {} : { holdsOut: options.heldOut }),
    fit: (context) => fitTokens(options, (tokens) => ({ ...own, ...tokens }), context),
    contextLength: (fitted) => fitted.sizes?.data[0] ?? 0,
    parameters: specsOf,
    logits: (tokens, params) => {
      const weights = unscoped("lstm", params);
      const [batch = 0, length = 0] = tokens.shape;
      const [transition = 0] = weights.heads?.shape ?? [];
      const shape: LstmShape = { ...own, transition, bins, terminates: true, positions: length };
      return byPosition(lstmByPlace(tokens, weights, shape), batch, length);
    },
  };
}

/** Sequence model `lstm`. */
export const lstmSequence = defineComponent({
  kind: SequenceModel,
  type: "lstm",
  summary: "an LSTM over trajectories, a token a dimension",
  documentation:
    "Tokens, windows, loss and training of the Trajectory Transformer (Janner et al. 2021) with a recurrent network in " +
    "its place: its memory is one state, however long the context, and what it reads costs the same at each token. " +
    "Values are predicted and not read. Source: Hochreiter and Schmidhuber 1997; forget gates Gers et al. 2000.",
  config: lstmOptions,
  create: createLstm,
});
