import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** How tokens get gradients. */
export const relaxations = ["straight-through", "soft"] as const;

export type Relaxation = (typeof relaxations)[number];

/**
 * Weights [..., vocabulary] that a plan reads on after logits of that shape.
 *
 * `soft`: the probabilities. `straight-through`: one on the most likely token, with the gradient of the probabilities
 * (Bengio et al. 2013). Gumbel softmax (Jang et al. 2017) at temperature 1 without its noise: plans are compared on the
 * model's most likely course, as `observationTopK: 1` takes it.
 */
export const readOn = (logits: Tensor, relaxation: Relaxation): Tensor =>
  relaxation === "soft" ? tf.softmax(logits, -1) : straightThrough(logits);

const straightThrough: (logits: Tensor) => Tensor = tf.customGrad((logits, save) => {
  if (!(logits instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("one tensor is read on");
  const soft = tf.softmax(logits, -1);
  const hard = tf.cast(tf.oneHot(tf.argMax(logits, -1), logits.shape.at(-1)!), "float32");
  save([soft]);
  return {
    // Probabilities that are not numbers have no most likely token: what is read on is not a number either.
    value: tf.add(hard, tf.sub(soft, soft)),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const probabilities = saved[0]!;
      return tf.mul(probabilities, tf.sub(dy, tf.sum(tf.mul(dy, probabilities), -1, true)));
    },
  };
});
