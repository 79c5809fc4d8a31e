import { float32, type Params, type TensorProgram } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

const [OBSERVATION, ACTION, HIDDEN, BATCH] = [4, 2, 8, 6];
const ACTOR = [OBSERVATION * HIDDEN, HIDDEN * 2 * ACTION];
const CRITIC = [2 * (OBSERVATION + ACTION) * HIDDEN, 2 * HIDDEN];
const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

function actorOf(flat: tf.Tensor) {
  const [first, second] = tf.split(flat, ACTOR) as [tf.Tensor, tf.Tensor];
  return [tf.reshape(first, [OBSERVATION, HIDDEN]), tf.reshape(second, [HIDDEN, 2 * ACTION])] as const;
}

function criticOf(flat: tf.Tensor) {
  const [first, second] = tf.split(flat, CRITIC) as [tf.Tensor, tf.Tensor];
  return [tf.reshape(first, [2, OBSERVATION + ACTION, HIDDEN]), tf.reshape(second, [2, HIDDEN, 1])] as const;
}

function sample(observation: tf.Tensor, flat: tf.Tensor, noise: tf.Tensor) {
  const [first, second] = actorOf(flat);
  const [mean, raw] = tf.split(tf.matMul(tf.relu(tf.matMul(observation, first)), second), 2, 1) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const logStd = tf.clipByValue(raw, -5, 2);
  const u = tf.add(mean, tf.mul(tf.exp(logStd), noise));
  const density = tf.sub(tf.mul(-0.5, tf.square(noise)), logStd);
  const correction = tf.mul(2, tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(-2, u))));
  return { action: tf.tanh(u), logProbability: tf.sum(tf.sub(density, correction), -1, true) };
}

function q(observation: tf.Tensor, action: tf.Tensor, flat: tf.Tensor): tf.Tensor {
  const [first, second] = criticOf(flat);
  const inputs = tf.tile(tf.expandDims(tf.concat([observation, action], 1), 0), [2, 1, 1]);
  return tf.matMul(tf.relu(tf.matMul(inputs, first)), second);
}

function adam(tensors: Params, name: string, gradient: tf.Tensor) {
  const m = tf.add(tf.mul(tensors[`m/${name}`]!, 0.9), tf.mul(gradient, 0.1));
  const v = tf.add(tf.mul(tensors[`v/${name}`]!, 0.999), tf.mul(tf.square(gradient), 0.001));
  const next = tf.sub(tensors[name]!, tf.mul(1e-3, tf.div(m, tf.add(tf.sqrt(v), 1e-3))));
  return { [name]: next, [`m/${name}`]: m, [`v/${name}`]: v };
}

function update(tensors: Params): Record<string, tf.Tensor> {
  const { observation, next, action, reward, noise1, noise2, actor, critic, target } = tensors as Record<
    string,
    tf.Tensor
  >;
  const ahead = sample(next!, actor!, noise1!);
  const value = tf.sub(tf.min(q(next!, ahead.action, target!), 0), tf.mul(0.2, ahead.logProbability));
  const backup = tf.add(reward!, tf.mul(0.99, value));
  const criticLoss = (flat: tf.Tensor) =>
    tf.mean(tf.squaredDifference(q(observation!, action!, flat), backup)).asScalar();
  const c = tf.valueAndGrad(criticLoss)(critic!);
  const criticState = adam(tensors, "critic", c.grad);
  const actorLoss = (flat: tf.Tensor) => {
    const { action: chosen, logProbability } = sample(observation!, flat, noise2!);
    const worst = tf.min(q(observation!, chosen, criticState.critic!), 0);
    return tf.mean(tf.sub(tf.mul(0.2, logProbability), worst)).asScalar();
  };
  const a = tf.valueAndGrad(actorLoss)(actor!);
  const follow = tf.add(tf.mul(0.995, target!), tf.mul(0.005, criticState.critic!));
  return {
    ...criticState,
    ...adam(tensors, "actor", a.grad),
    target: follow,
    criticLoss: c.value,
    actorLoss: a.value,
    actorGradient: a.grad,
    criticGradient: c.grad,
  };
}

const flat = (name: string, sizes: readonly number[]) => {
  const spec = float32(total(sizes));
  return { [name]: spec, [`m/${name}`]: spec, [`v/${name}`]: spec };
};

/** A soft actor-critic update in small: twin critics in one product, squashed Gaussian policy, Adam, target. */
export const actorCritic: TensorProgram = {
  name: "actor-critic update",
  state: { ...flat("actor", ACTOR), ...flat("critic", CRITIC), target: float32(total(CRITIC)) },
  inputs: {
    observation: float32(BATCH, OBSERVATION),
    next: float32(BATCH, OBSERVATION),
    action: float32(BATCH, ACTION),
    reward: float32(BATCH, 1),
  },
  noise: {
    noise1: { distribution: "normal", shape: [BATCH, ACTION] },
    noise2: { distribution: "normal", shape: [BATCH, ACTION] },
  },
  fn: update,
};
