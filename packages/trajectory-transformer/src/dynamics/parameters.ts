import type { HostTensor, HostTensors, Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../model/architecture.js";
import { type FittedModel, fittedTensors, transformerOf } from "../planning/fitted.js";

const attentionOf = (block: number): string => `gpt/blocks/${block}/attention/weight`;

/**
 * Tensors of a model of the dynamics: `gpt/` the network's, `thresholds` [transition, bins + 1].
 *
 * A graph knows shapes alone, so that the number of heads has to be in one: attention's weights are [embedding, 3, heads,
 * embedding / heads].
 */
export function dynamicsTensors(fitted: FittedModel): HostTensors {
  const { layers, heads, embedding } = transformerOf(fitted, "a step of the dynamics or a density");
  const { sizes, stride, discount, ...tensors } = fittedTensors(fitted);
  const byHead: Record<string, HostTensor> = {};
  for (let block = 0; block < layers; block++) {
    byHead[attentionOf(block)] = {
      ...tensors[attentionOf(block)]!,
      shape: [embedding, 3, heads, embedding / heads],
    };
  }
  return { ...tensors, ...byHead };
}

/** The network inside a graph, and its bins. */
export interface GraphModel {
  readonly shape: Architecture;
  readonly params: Params;
  /** [transition, bins + 1] */
  readonly thresholds: Tensor;
}

/** The inverse of {@link dynamicsTensors} inside a graph; `gpt` are the tensors under that name. */
export function graphModel(gpt: Params, thresholds: Tensor): GraphModel {
  const layers = Object.keys(gpt).filter((name) => name.endsWith("/up/weight")).length;
  const [embedding = 0, , heads = 0] = gpt["blocks/0/attention/weight"]!.shape;
  const [transition = 0, vocabulary = 0] = gpt.heads!.shape;
  const bins = thresholds.shape[1]! - 1;
  const flat = Array.from({ length: layers }, (_, block) => {
    const name = `blocks/${block}/attention/weight`;
    return [name, tf.reshape(gpt[name]!, [embedding, 3 * embedding])] as const;
  });
  const positions = gpt.positions!.shape[0]!;
  const shape = { layers, heads, embedding, transition, bins, terminates: vocabulary === bins + 1, positions };
  return { shape, params: { ...gpt, ...Object.fromEntries(flat) }, thresholds };
}
