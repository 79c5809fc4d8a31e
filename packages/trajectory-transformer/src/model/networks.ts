import type { HostTensors, NoiseSpec, Params, Random, SequenceModel, Specs } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { lstmByPlace, lstmNoise } from "../lstm/network.js";
import { initialiseLstm, lstmLayouts } from "../lstm/parameters.js";
import type { LstmShape } from "../lstm/shape.js";
import type { Architecture, TokenShape } from "./architecture.js";
import { dropoutNoise } from "./dropout.js";
import { type Drops, forward, paddedLength } from "./network.js";
import { gptLayouts, initialiseGpt, type Layouts } from "./parameters.js";

/** Sizes of a network over tokens that is trained here; they say which one it is. */
export type NetworkShape = Architecture | LstmShape;

/** Any other sequence model: of it nothing but its logits is known. */
export interface OwnNetwork extends TokenShape, Pick<SequenceModel, "logits"> {
  readonly network: "own";
  /** Of the tensors that its logits take. */
  readonly parameters: Specs;
}

export type AnyNetwork = NetworkShape | OwnNetwork;

/** A network over tokens as training sees it. */
export interface TokenNetwork {
  /** What programs and progress are called. */
  readonly name: string;
  readonly layouts: Layouts;
  initialise(random: Random): HostTensors;
  /** Logits of each next token by place [transition, batch * transitions, vocabulary]; tokens int32 [batch, tokens]. */
  byPlace(tokens: Tensor, params: Params, drops?: Drops): Tensor;
  /** Masks of dropout. */
  noise(batch: number, tokens: number, probability: number): NoiseSpec;
}

export const isOwn = (shape: AnyNetwork): shape is OwnNetwork => "network" in shape && shape.network === "own";

export const isLstm = (shape: AnyNetwork): shape is LstmShape => "network" in shape && shape.network === "lstm";

export const networkOf = (shape: NetworkShape): TokenNetwork =>
  isLstm(shape)
    ? {
        name: "lstm",
        layouts: lstmLayouts(shape),
        initialise: (random) => initialiseLstm(random, shape),
        byPlace: (tokens, params, drops) => lstmByPlace(tokens, params, shape, drops),
        noise: (batch, tokens, probability) => lstmNoise(shape, batch, tokens, probability),
      }
    : {
        name: "trajectory-transformer",
        layouts: gptLayouts(shape),
        initialise: (random) => initialiseGpt(random, shape),
        byPlace: (tokens, params, drops) => forward(tokens, params, shape, drops).byPlace,
        noise: (batch, tokens, probability) =>
          dropoutNoise(shape, { batch, length: paddedLength(tokens, shape), probability }),
      };
