import type { Params } from "@lowerbound/core";
import type { Layer } from "@lowerbound/nn";
import type { Norm } from "./layer-norm.js";

/** What a block computes with. */
export interface BlockWeights {
  readonly attentionNorm: Norm;
  readonly attention: Layer;
  readonly projection: Layer;
  readonly forwardNorm: Norm;
  readonly up: Layer;
  readonly down: Layer;
}

const layerOf = (params: Params, path: string): Layer => ({
  weight: params[`${path}/weight`]!,
  bias: params[`${path}/bias`]!,
});

export const normOf = (params: Params, path: string): Norm => ({
  scale: params[`${path}/scale`]!,
  offset: params[`${path}/offset`]!,
});

export function blockWeights(params: Params, block: number): BlockWeights {
  const at = (name: string) => `blocks/${block}/${name}`;
  return {
    attentionNorm: normOf(params, at("attentionNorm")),
    attention: layerOf(params, at("attention")),
    projection: layerOf(params, at("projection")),
    forwardNorm: normOf(params, at("forwardNorm")),
    up: layerOf(params, at("up")),
    down: layerOf(params, at("down")),
  };
}
