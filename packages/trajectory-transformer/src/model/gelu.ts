import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * x Phi(x), Phi the normal distribution function (Hendrycks and Gimpel 2016), exactly.
 *
 * Written so that onnxruntime makes one operator of it; {@link scaledGelu} is the form to differentiate.
 */
export const gelu = (x: Tensor): Tensor => tf.mul(tf.mul(x, tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)), 0.5);

const SLOPE = Math.log(2 / Math.sqrt(Math.PI));

/**
 * u (1 + erf u), which is sqrt(2) times the GELU of sqrt(2) u: the constants go into the layers before and after it.
 *
 * The gradient is written by hand, 1 + erf u + u exp(-u^2) 2 / sqrt(pi): fewer passes over memory than the product rule.
 */
export const scaledGelu: (u: Tensor) => Tensor = tf.customGrad((u, save) => {
  if (!(u instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("scaledGelu takes one tensor");
  const open = tf.add(tf.erf(u), 1);
  save([u, open]);
  return {
    value: tf.mul(u, open),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [at, gate] = saved as [Tensor, Tensor];
      const density = tf.exp(tf.sub(SLOPE, tf.square(at)));
      return tf.mul(dy, tf.add(gate, tf.mul(at, density)));
    },
  };
});
