import type { Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { vocabularyOf } from "./architecture.js";
import { byPlace, type Drops } from "./network.js";
import { type NetworkShape, networkOf } from "./networks.js";

/** What a target weighs, by what it is; 1 for observations. */
export interface TokenWeights {
  readonly actionWeight: number;
  readonly rewardWeight: number;
  readonly valueWeight: number;
}

/** Tokens and their successors int32 [batch, tokens], and where the loss counts [batch, tokens]. */
export interface TokenBatch {
  readonly tokens: Tensor;
  readonly targets: Tensor;
  readonly mask: Tensor;
}

/** Weights [transition] of targets, by the place of the token before them. */
export function targetWeights(
  { actionWeight, rewardWeight, valueWeight }: TokenWeights,
  { transition, actionSize }: { readonly transition: number; readonly actionSize: number },
): number[] {
  const observation = transition - actionSize - 2;
  return Array.from({ length: transition }, (_, place) => {
    const target = (place + 1) % transition;
    if (target < observation) return 1;
    if (target < observation + actionSize) return actionWeight;
    return target === transition - 2 ? rewardWeight : valueWeight;
  });
}

/** Weighted cross entropy [], summed where the mask counts and divided by the number of all positions. */
export function tokenLoss(
  { tokens, targets, mask }: TokenBatch,
  params: Params,
  architecture: NetworkShape,
  { weights, drops }: { readonly weights: readonly number[]; readonly drops?: Drops },
): Tensor {
  const logits = networkOf(architecture).byPlace(tokens, params, drops);
  const wanted = tf.oneHot(tf.cast(byPlace(targets, architecture), "int32"), vocabularyOf(architecture));
  const logProbability = tf.sum(tf.mul(tf.logSoftmax(logits, -1), tf.cast(wanted, "float32")), -1);
  const share = tf.mul(byPlace(mask, architecture), tf.tensor2d([...weights], [weights.length, 1]));
  return tf.div(tf.neg(tf.sum(tf.mul(logProbability, share))), tokens.size);
}
