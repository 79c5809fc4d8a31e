import { defineComponent, SequenceModel, specsOf, unscoped } from "@lowerbound/core";
import type { Architecture } from "./model/architecture.js";
import { byPosition, forward } from "./model/network.js";
import { fitTokens } from "./training/fit.js";
import { type TransformerOptions, transformerOptions } from "./training/options.js";

/** The Trajectory Transformer as a model of sequences of tokens. */
export function createTransformer(options: TransformerOptions): SequenceModel {
  const { layers, heads, embedding } = options;
  return {
    // Its decoder keeps the cache outside the graph, shared between beams: see `createDecoder`.
    capabilities: { cachedDecoding: false, differentiable: true },
    vocabulary: options.bins + 1,
    ...(options.heldOut === undefined ? {} : { holdsOut: options.heldOut }),
    fit: (context) => fitTokens(options, (tokens) => ({ layers, heads, embedding, ...tokens }), context),
    contextLength: (fitted) => fitted["gpt/positions"]?.shape[0] ?? 0,
    parameters: specsOf,
    logits: (tokens, params) => {
      const own = unscoped("gpt", params);
      const [transition = 0] = own.heads?.shape ?? [];
      const [positions = 0] = own.positions?.shape ?? [];
      const architecture: Architecture = { ...options, transition, positions, terminates: true };
      const [batch = 0, length = 0] = tokens.shape;
      return byPosition(forward(tokens, own, architecture).byPlace, batch, length);
    },
  };
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
