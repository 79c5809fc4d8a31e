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

/** Share of numbers that are kept: noise takes probabilities in steps of 1/256, and what is kept is scaled by what it takes. */
const keptShare = (probability: number): number => Math.round(256 * (1 - probability)) / 256;

/** Masks of a batch of so many rows of so many tokens: bytes, 1 where a number is kept. */
export function dropoutNoise(
  { layers, heads, embedding }: Architecture,
  { batch, length, probability }: { readonly batch: number; readonly length: number; readonly probability: number },
): NoiseSpec {
  if (probability === 0) return {};
  const kept = keptShare(probability);
  const mask = (...shape: number[]) => ({ distribution: "bernoulli", shape, probability: kept }) as const;
  const blocks = Array.from({ length: layers }, (_, block) => [
    [nameOf("weights", block), mask(batch, heads, length, length)] as const,
    [nameOf("attention", block), mask(batch, length, embedding)] as const,
    [nameOf("forward", block), mask(batch, length, embedding)] as const,
  ]);
  return Object.fromEntries([[nameOf("embedding"), mask(batch, length, embedding)] as const, ...blocks.flat()]);
}

/** What {@link dropoutNoise} drew, as the dropout of a block or, without one, of the embedding. */
export function dropoutOf(masks: Params, probability: number, block?: number): Dropout {
  if (probability === 0) return keepAll;
  const scale = 1 / keptShare(probability);
  return (x, site) => tf.mul(x, tf.mul(tf.cast(masks[nameOf(site, block)]!, "float32"), scale));
}
