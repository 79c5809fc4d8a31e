import type { NoiseSpec, Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "./architecture.js";

/** Places where training drops numbers. */
export type Site = "embedding" | "weights" | "attention" | "forward";

/** Drops at a site; in use, nothing. */
export type Dropout = (x: Tensor, site: Site) => Tensor;

export const keepAll: Dropout = (x) => x;

const nameOf = (site: Site, block?: number): string => (block === undefined ? site : `${site}/${block}`);

/** Masks of a batch of so many rows of so many tokens: bytes, 1 where a number is kept. */
export function dropoutNoise(
  { layers, heads, embedding }: Architecture,
  { batch, length, probability }: { readonly batch: number; readonly length: number; readonly probability: number },
): NoiseSpec {
  if (probability === 0) return {};
  const keep = 1 - probability;
  const mask = (...shape: number[]) => ({ distribution: "bernoulli", shape, probability: keep }) as const;
  const blocks = Array.from({ length: layers }, (_, block) => [
    [nameOf("weights", block), mask(batch, heads, length, length)] as const,
    [nameOf("attention", block), mask(batch, length, embedding)] as const,
    [nameOf("forward", block), mask(batch, length, embedding)] as const,
  ]);
  return Object.fromEntries([[nameOf("embedding"), mask(batch, length, embedding)] as const, ...blocks.flat()]);
}

/** What {@link dropoutNoise} drew, as the dropout of a block or, without one, of the embedding. */
export const dropoutOf =
  (masks: Params, probability: number, block?: number): Dropout =>
  (x, site) =>
    probability === 0 ? x : tf.mul(x, tf.mul(tf.cast(masks[nameOf(site, block)]!, "float32"), 1 / (1 - probability)));
