import type { NoiseSpec, Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "./architecture.js";

/** Places where training drops numbers. */
export type Site = "embedding" | "weights" | "attention" | "forward";

/** Drops at a site; in use, nothing. */
export type Dropout = (x: Tensor, site: Site) => Tensor;

export const keepAll: Dropout = (x) => x;

export const siteName = (site: Site, block?: number): string => (block === undefined ? site : `${site}/${block}`);

/** Masks of given shapes, by the names of their sites: bytes, 1 where a number is kept. */
export function masksOf(shapes: Readonly<Record<string, readonly number[]>>, probability: number): NoiseSpec {
  if (probability === 0) return {};
  const kept = 1 - probability;
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { distribution: "bernoulli", shape, probability: kept }]),
  );
}

/** Masks of a batch of so many rows of so many tokens. */
export function dropoutNoise(
  { layers, heads, embedding }: Architecture,
  { batch, length, probability }: { readonly batch: number; readonly length: number; readonly probability: number },
): NoiseSpec {
  const rows = [batch, length, embedding];
  const blocks = Array.from({ length: layers }, (_, block) => ({
    [siteName("weights", block)]: [batch, heads, length, length],
    [siteName("attention", block)]: rows,
    [siteName("forward", block)]: rows,
  }));
  return masksOf(Object.assign({ [siteName("embedding")]: rows }, ...blocks), probability);
}

/** What {@link dropoutNoise} drew, as the dropout of a block or, without one, of the embedding. */
export function dropoutOf(masks: Params, probability: number, block?: number): Dropout {
  if (probability === 0) return keepAll;
  const scale = 1 / (1 - probability);
  return (x, site) => tf.mul(x, tf.mul(tf.cast(masks[siteName(site, block)]!, "float32"), scale));
}
