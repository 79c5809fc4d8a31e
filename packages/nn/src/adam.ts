import { float32, type Params, type Specs } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export interface AdamOptions {
  /** A number, or a tensor [] or [1] where it changes from step to step. */
  readonly learningRate: number | Tensor;
  /** Decay of the first and of the second moment; 0.9 and 0.999 if left out. */
  readonly betas?: readonly [number, number];
  /** Added to the square root of the bias-corrected second moment, as PyTorch does; 1e-8 if left out. */
  readonly epsilon?: number;
}

const BETAS = [0.9, 0.999] as const;

/** Name of the tensor that counts an optimiser's steps: [2], 1 - beta1^t and 1 - beta2^t. */
export const CLOCK = "clock";

/** Specs of the moments of parameters: `m/NAME` and `v/NAME` beside each. */
export function momentSpecs(parameters: Specs): Specs {
  const entries = Object.entries(parameters).flatMap(([name, spec]) => [
    [`m/${name}`, spec] as const,
    [`v/${name}`, spec] as const,
  ]);
  return Object.fromEntries(entries);
}

export const clockSpec = float32(2);

/**
 * The clock one step on.
 *
 * It holds the complements of the powers, by the recurrence c' = beta c + (1 - beta): in float32 the powers themselves
 * would lose the digits that the first steps depend on.
 */
export function tick(clock: Tensor, betas: AdamOptions["betas"] = BETAS): Tensor {
  const [beta1, beta2] = betas;
  return tf.add(tf.mul(clock, tf.tensor1d([beta1, beta2])), tf.tensor1d([1 - beta1, 1 - beta2]));
}

export interface AdamStep {
  readonly parameter: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
}

/** A step's two scalars [1]: size of the step and what is added to the root of the second moment. */
export interface AdamScales {
  readonly size: Tensor;
  readonly offset: Tensor;
}

/** Scalars of a step at which the clock (already ticked) stands. */
export function adamScales(clock: Tensor, options: AdamOptions): AdamScales {
  const { learningRate, betas: [beta1, beta2] = BETAS, epsilon = 1e-8 } = options;
  const [c1, c2] = tf.split(clock, 2);
  const root = tf.sqrt(tf.div(1 - beta2, c2!));
  const rate = typeof learningRate === "number" ? learningRate * (1 - beta1) : tf.mul(learningRate, 1 - beta1);
  return { size: tf.div(tf.div(rate, c1!), root), offset: tf.div(epsilon, root) };
}

/**
 * One Adam step of one tensor (Kingma and Ba 2015, algorithm 1, with PyTorch's place for epsilon).
 *
 * The moments are kept without their factors (1 - beta), which saves two passes over memory:
 * m' = beta1 m + g, v' = beta2 v + g^2; {@link adamScales} makes up for it.
 */
export function adamStep(
  { parameter, m, v }: AdamStep,
  gradient: Tensor,
  { size, offset }: AdamScales,
  betas: AdamOptions["betas"] = BETAS,
): AdamStep {
  const [beta1, beta2] = betas;
  const first = tf.add(tf.mul(m, beta1), gradient);
  const second = tf.add(tf.mul(v, beta2), tf.square(gradient));
  const move = tf.mul(size, tf.div(first, tf.add(tf.sqrt(second), offset)));
  return { parameter: tf.sub(parameter, move), m: first, v: second };
}

/** One Adam step of a record of tensors; `state` holds parameters and their moments as {@link momentSpecs} names them. */
export function adamUpdate(
  state: Params,
  gradients: Params,
  clock: Tensor,
  options: AdamOptions,
): Record<string, Tensor> {
  const scales = adamScales(clock, options);
  const next: Record<string, Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const old = { parameter: state[name]!, m: state[`m/${name}`]!, v: state[`v/${name}`]! };
    const { parameter, m, v } = adamStep(old, gradient, scales, options.betas);
    Object.assign(next, { [name]: parameter, [`m/${name}`]: m, [`v/${name}`]: v });
  }
  return next;
}
