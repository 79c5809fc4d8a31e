import {
  float32,
  type NoiseSpec,
  type Params,
  type SequenceScoring,
  scoped,
  specsOf,
  type TensorProgram,
  unscoped,
} from "@lowerbound/core";
import { differentiate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { constant } from "./constant.js";
import { imagineStep } from "./imagine.js";
import { batchAxes, type DynamicsParts, partSpecs, stepNoise } from "./parts.js";
import type { PureDensity } from "./prior.js";

export interface SequenceProgramOptions {
  /** Action sequences at once. */
  readonly rows: number;
  readonly horizon: number;
  readonly penalised: boolean;
  /** Whose log-density of actions is rewarded, if any. */
  readonly density?: PureDensity | undefined;
  /** `score` alone; also what was visited, for log-probabilities; or also the gradients by the actions. */
  readonly outputs: "score" | "visited" | "gradient";
}

/**
 * A whole rollout of action sequences as one program: model, penalty and terminations of every step.
 *
 * Inputs `observation` [rows, observation], `actions` [rows, horizon, action]. Outputs `score` [rows], the discounted
 * rewards up to the end, averaged over particles; with `visited`, `observations` [rows particles, horizon,
 * observation] and `alive` [rows particles, horizon]; with `gradient`, `gradients` [rows, horizon, action], which know no
 * floor: they lead out of what lies below it.
 *
 * Noise is that of the particles, the same for every sequence: sequences are compared on the same random numbers, and
 * a score is a function of its sequence. A reward after the end counts for nothing, even where it is not a number.
 */
export function sequenceProgram(parts: DynamicsParts, options: SequenceProgramOptions): TensorProgram {
  const { rows, horizon } = options;
  const { observation, action } = parts.dimensions;
  return {
    name: "plan-rollout",
    state: { ...partSpecs(parts), ...scoped("prior", specsOf(options.density?.tensors ?? {})) },
    inputs: { observation: float32(rows, observation), actions: float32(rows, horizon, action) },
    noise: sequenceNoise(parts, horizon),
    fn: (tensors) => outputsOf(parts, options, tensors),
  };
}

/** Random numbers of a rollout, those of step t under `step-t/`. */
export const sequenceNoise = (parts: DynamicsParts, horizon: number): NoiseSpec =>
  Object.assign(
    {},
    ...Array.from({ length: horizon }, (_, step) => scoped(`step-${step}`, stepNoise(parts, parts.particles))),
  );

function outputsOf(parts: DynamicsParts, options: SequenceProgramOptions, tensors: Params): Record<string, Tensor> {
  const roll = (actions: Tensor) => rollOut(parts, options, tensors, actions);
  if (options.outputs !== "gradient") {
    const { score, observations, alive } = roll(tensors.actions!);
    return options.outputs === "score" ? { score } : { score, observations, alive };
  }
  const { gradients, extras } = differentiate({ actions: tensors.actions! }, ({ actions }) => {
    const { score, unfloored } = roll(actions!);
    // Each score depends on its own sequence alone, so the sum's gradient is every score's own.
    return { loss: tf.sum(unfloored), extras: { score } };
  });
  return { score: extras.score, gradients: gradients.actions! };
}

function rollOut(parts: DynamicsParts, options: SequenceProgramOptions, tensors: Params, actions: Tensor) {
  const { rows, horizon, penalised, density } = options;
  const { particles, scoring, dimensions } = parts;
  const axes = batchAxes(parts);
  const batch = rows * particles;
  let observation = perParticle(tensors.observation!, particles);
  let alive: Tensor = tf.ones([batch, 1], "bool");
  let total: Tensor = tf.zeros([batch, 1]);
  let broken: Tensor = tf.zeros([batch, 1], "bool");
  const visited: Tensor[] = [];
  const living: Tensor[] = [];
  // The gradient of a split into one fails.
  const slices = horizon === 1 ? [actions] : tf.split(actions, horizon, 1);
  slices.forEach((slice, step) => {
    const action = perParticle(tf.reshape(slice, [rows, dimensions.action]), particles);
    const noise = tiled(unscoped(`step-${step}`, tensors), axes, rows);
    const { nextObservation, reward, ended } = imagineStep(parts, { observation, action, tensors, noise, penalised });
    const log = density?.logProbability(observation, action, unscoped("prior", tensors));
    const bonus = log === undefined ? reward : tf.add(reward, tf.mul(scoring.logProbabilityCoefficient, log));
    if (log !== undefined) broken = tf.logicalOr(broken, tf.logicalAnd(alive, isBelow(log, scoring)));
    total = tf.add(total, tf.mul(scoring.discount ** step, tf.where(alive, bonus, tf.zerosLike(bonus))));
    visited.push(observation);
    living.push(tf.cast(alive, "float32"));
    alive = tf.logicalAnd(alive, tf.logicalNot(ended));
    observation = nextObservation;
  });
  const mean = (values: Tensor) => tf.mean(tf.reshape(values, [rows, particles]), 1);
  const floored = tf.where(broken, tf.fill([batch, 1], -Infinity), total);
  const found = { observations: tf.stack(visited, 1), alive: tf.concat(living, 1) };
  return { ...found, score: mean(floored), unfloored: mean(total) };
}

/** Whether log P_beta lies below the floor, bool [batch, 1]. */
const isBelow = (log: Tensor, { logProbabilityFloor }: SequenceScoring): Tensor =>
  logProbabilityFloor === undefined ? tf.zeros(log.shape, "bool") : constant(() => tf.less(log, logProbabilityFloor));

/** [rows, width] -> [rows particles, width], a row's particles one after another. */
function perParticle(tensor: Tensor, particles: number): Tensor {
  if (particles === 1) return tensor;
  const [rows, width] = tensor.shape as [number, number];
  return tf.reshape(tf.tile(tf.expandDims(tensor, 1), [1, particles, 1]), [rows * particles, width]);
}

/** Noise of the particles repeated for every row. */
function tiled(noise: Params, axes: Readonly<Record<string, number>>, rows: number): Params {
  const repeat = ([name, tensor]: [string, Tensor]): [string, Tensor] => {
    const axis = axes[name] ?? -1;
    const times = tensor.shape.map((_, i) => (i === axis ? rows : 1));
    return [name, axis < 0 ? tensor : tf.tile(tensor, times)];
  };
  return Object.fromEntries(Object.entries(noise).map(repeat));
}
