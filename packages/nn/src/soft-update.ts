import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** (1 - tau) target + tau source: how target networks follow (Lillicrap et al. 2016, DDPG). */
export const softUpdate = (target: Tensor, source: Tensor, tau: number): Tensor =>
  tf.add(tf.mul(target, 1 - tau), tf.mul(source, tau));
