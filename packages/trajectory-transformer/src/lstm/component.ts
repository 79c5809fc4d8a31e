import { defineComponent, SequenceModel } from "@lowerbound/core";
import { sequenceModelOf } from "../sequence-model.js";
import { type LstmOptions, lstmOptions } from "../training/options.js";

/** An LSTM as a model of sequences of tokens. */
export function createLstm(options: LstmOptions): SequenceModel {
  const { layers, embedding } = options;
  return sequenceModelOf(options, {
    scope: "lstm",
    shapeOf: (tokens) => ({ network: "lstm", layers, embedding, ...tokens }),
    contextLength: (fitted) => fitted.sizes?.data[0] ?? 0,
  });
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
