import type { Params } from "@lowerbound/core";
import { differentiate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** One group's value, a number a critic [critics], and what is handed out beside it. */
export interface GroupValue {
  readonly value: Tensor;
  readonly extra: Tensor;
}

/**
 * Sum over groups of a value of each critic [critics], differentiable in the critics' parameters, and each group's extra.
 *
 * A group's gradients are computed right after its value, before the next group's: its activations are still in the
 * cache, and done with. Critic i's value may depend on critic i's parameters alone.
 */
export function sumOfGroups(
  critic: Params,
  count: number,
  valueAt: (critic: Params, group: number) => GroupValue,
): { readonly value: Tensor; readonly extras: readonly Tensor[] } {
  const names = Object.keys(critic);
  const groups = Array.from({ length: count }, (_, group) =>
    differentiate(critic, (params) => {
      const { value, extra } = valueAt(params, group);
      return { loss: tf.sum(value), extras: { value, extra } };
    }),
  );
  const total = groups.map(({ extras }) => extras.value).reduce((a, b) => tf.add(a, b));
  const gradients = names.map((name) => groups.map((each) => each.gradients[name]!).reduce((a, b) => tf.add(a, b)));
  const sum = tf.customGrad((...args) => {
    const save = args.at(-1);
    if (typeof save !== "function") throw new TypeError("tf.customGrad hands over what saves tensors");
    save(gradients);
    return {
      value: tf.clone(total),
      gradFunc: (dy: Tensor, saved: Tensor[]) => saved.map((each) => tf.mul(each, alongFirst(dy, each.rank))),
    };
  });
  return { value: sum(...names.map((name) => critic[name]!)), extras: groups.map(({ extras }) => extras.extra) };
}

/** [size] -> [size, 1, 1, ...] */
const alongFirst = (x: Tensor, rank: number): Tensor => tf.reshape(x, [-1, ...new Array<number>(rank - 1).fill(1)]);
