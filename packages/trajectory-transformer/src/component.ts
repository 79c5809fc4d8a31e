import { defineComponent, SequenceModel } from "@lowerbound/core";
import { sequenceModelOf } from "./sequence-model.js";
import { type TransformerOptions, transformerOptions } from "./training/options.js";

/** The Trajectory Transformer as a model of sequences of tokens. */
export function createTransformer(options: TransformerOptions): SequenceModel {
  const { layers, heads, embedding } = options;
  return sequenceModelOf(options, {
    scope: "gpt",
    shapeOf: (tokens) => ({ layers, heads, embedding, ...tokens }),
    contextLength: (fitted) => fitted["gpt/positions"]?.shape[0] ?? 0,
  });
}

/** Sequence model `trajectory-transformer`. */
export const trajectoryTransformer = defineComponent({
  kind: SequenceModel,
  type: "trajectory-transformer",
  summary: "a causal transformer over trajectories, a token a dimension",
  documentation:
    "Observation, action, reward and return-to-go of each step are binned dimension by dimension; a GPT with an embedding " +
    "and a head for each place of a transition predicts token after token, and sees no value. Source: Trajectory " +
    "Transformer (Janner et al. 2021). Deviations: the step size counts the tokens of all updates (published: of 20 " +
    "epochs), no step is taken at the full rate before it rose, and the loss leaves out what follows a cut episode.",
  config: transformerOptions,
  create: createTransformer,
});
