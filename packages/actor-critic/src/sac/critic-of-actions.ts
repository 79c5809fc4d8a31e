import type { Params } from "@lowerbound/core";
import { layersOf, linear, relu, tileMembers } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { CRITICS } from "./networks.js";

/**
 * Q of several actions at each observation: [rows, observation], [samples, rows, action] -> [critics, samples, rows].
 *
 * All pairs go through each layer in one product. The first layer is linear in the observation, so its part of that
 * layer is computed once an observation and added to each action's.
 */
export function criticOfActions(observation: Tensor, actions: Tensor, critic: Params): Tensor {
  const [first, ...others] = layersOf(critic);
  const [samples = 0, rows = 0, width = 0] = actions.shape;
  const [byObservation, byAction] = tf.split(first!.weight, [observation.shape[1]!, width], 1);
  const shared = linear(tileMembers(observation, CRITICS), { weight: byObservation!, bias: first!.bias });
  const own = tf.matMul(tileMembers(tf.reshape(actions, [samples * rows, width]), CRITICS), byAction!);
  // Rows of an observation's units side by side: sums over samples then run along whole rows of memory.
  const units = shared.size / CRITICS;
  const joined = tf.add(tf.reshape(own, [CRITICS, samples, units]), tf.reshape(shared, [CRITICS, 1, units]));
  const hidden = tf.reshape(joined, [CRITICS, samples * rows, units / rows]);
  const out = others.reduce((x, layer) => linear(relu(x), layer), hidden);
  return tf.reshape(out, [CRITICS, samples, rows]);
}
