import type { HostTensors, NoiseSpec, Params, Random } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { lstmByPlace, lstmNoise } from "../lstm/network.js";
import { initialiseLstm, lstmLayouts } from "../lstm/parameters.js";
import type { LstmShape } from "../lstm/shape.js";
import type { Architecture } from "./architecture.js";
import { dropoutNoise } from "./dropout.js";
import { type Drops, forward, paddedLength } from "./network.js";
import { gptLayouts, initialiseGpt, type Layouts } from "./parameters.js";

/** Sizes of any network over tokens; they say which one it is. */
export type NetworkShape = Architecture | LstmShape;

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

export const isLstm = (shape: NetworkShape): shape is LstmShape => "network" in shape;

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
