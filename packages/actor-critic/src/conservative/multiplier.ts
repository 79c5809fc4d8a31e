import { type HostTensors, hostFloat32, type Params } from "@lowerbound/core";
import { adamUpdate, tick } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

const LARGEST = 1e6;

export interface Lagrange {
  readonly threshold: number;
  readonly learningRate: number;
}

/** State of a multiplier that begins at 1: its logarithm, Adam's moments, and a clock of its own. */
export const multiplierState = (): HostTensors => ({
  logMultiplier: one(),
  "m/logMultiplier": one(),
  "v/logMultiplier": one(),
  multiplierClock: hostFloat32(new Float32Array(2), 2),
});

const one = () => hostFloat32(new Float32Array(1), 1);

export interface MultiplierStep {
  /** [1] */
  readonly multiplier: Tensor;
  /** Of minus half the sum of multiplier (term - threshold), by the multiplier's logarithm [1]. */
  readonly gradient: Tensor;
  readonly state: Record<string, Tensor>;
}

/**
 * The multiplier in use, and its state one step on: terms [critics].
 *
 * It rises while the terms lie above the threshold. Source: CQL (Kumar et al. 2020), appendix F; as in public code the
 * critics' losses use the multiplier of before the step, and exp of its logarithm is clamped to 1e6.
 */
export function multiplierStep(terms: Tensor, params: Params, { threshold, learningRate }: Lagrange): MultiplierStep {
  const raw = tf.exp(params.logMultiplier!);
  const multiplier = tf.minimum(raw, LARGEST);
  const inside = tf.cast(tf.lessEqual(raw, LARGEST), "float32");
  const excess = tf.sum(tf.sub(terms, threshold));
  const gradient = tf.mul(tf.mul(inside, multiplier), tf.mul(-0.5, excess));
  const clock = tick(params.multiplierClock!);
  const state = adamUpdate(params, { logMultiplier: gradient }, clock, { learningRate });
  return { multiplier, gradient, state: { ...state, multiplierClock: clock } };
}
