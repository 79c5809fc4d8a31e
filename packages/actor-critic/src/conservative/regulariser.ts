import type { CriticRegulariser, CriticRegulariserInputs, UpdateHooks } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Lagrange, multiplierState, multiplierStep } from "./multiplier.js";
import type { ConservativeOptions } from "./options.js";
import { pairedSeparation, separation } from "./separation.js";
import {
  type ActionBox,
  markedMean,
  type SampledActions,
  type SampledStates,
  sampleActions,
  sampledValues,
  softMaximum,
} from "./term.js";

/** Rows of a batch, from one on. */
export interface RowRange {
  readonly from: number;
  readonly count: number;
}

export interface ConservativeSettings extends ConservativeOptions, ActionBox {
  /** beta: what the term weighs beside the mean squared Bellman error. */
  readonly weight: number;
  /** `softmax`: log-sum-exp over sampled actions; `mean`: mean of Q at the policy's actions, as in COMBO's equation. */
  readonly pushDown: "softmax" | "mean";
  /** Rows of the batch at whose states Q is pushed down; all if left out. */
  readonly rows?: (batch: number) => RowRange;
  /** What the data's Q stands beside in the metrics: the policy's actions at the same states, or model rows. */
  readonly compareWith: "policy" | "model";
}

/** The hooks of conservative Q-learning: the regulariser, actor before critics, and the Bellman backup. */
export const conservativeHooks = (
  settings: ConservativeSettings,
): Required<Omit<UpdateHooks, "targetPenalty" | "updates">> => ({
  criticRegulariser: conservativeRegulariser(settings),
  order: "actor-first",
  backup: settings.backup === "maximum" ? { maximumOf: settings.actionSamples } : settings.backup,
});

/**
 * weight (push down Q at sampled actions - mean of Q on the data), for each critic, to be added to its Bellman loss.
 *
 * Metrics: `conservativeLoss1`, ... what each critic's loss gets; `conservativeTerm` the mean term before a multiplier
 * and its weight; `dataQ` against `policyQ` or `modelQ`, their difference `qGap`, and `qSeparation`, how well Q tells
 * one from the other (1/2: not at all). Source: CQL (Kumar et al. 2020), equation 4; COMBO (Yu et al. 2021), equation 3.
 */
export function conservativeRegulariser(settings: ConservativeSettings): CriticRegulariser {
  const lagrange = lagrangeOf(settings);
  return {
    ...(lagrange === undefined ? {} : { state: multiplierState() }),
    noise: ({ action }, batch) => {
      const { count } = rowsOf(settings, batch);
      const shape = [settings.actionSamples, count, action];
      const policy = { "noise/policy": { distribution: "normal", shape } } as const;
      if (settings.pushDown === "mean") return policy;
      return {
        ...policy,
        "noise/nextPolicy": { distribution: "normal", shape },
        "noise/uniform": { distribution: "uniform", shape },
      };
    },
    loss: (inputs) => conservativeLoss(inputs, settings, lagrange),
  };
}

const lagrangeOf = ({ lagrangeThreshold, multiplierLearningRate }: ConservativeOptions): Lagrange | undefined =>
  lagrangeThreshold === undefined ? undefined : { threshold: lagrangeThreshold, learningRate: multiplierLearningRate };

const rowsOf = ({ rows }: ConservativeSettings, batch: number): RowRange => rows?.(batch) ?? { from: 0, count: batch };

function conservativeLoss(
  inputs: CriticRegulariserInputs,
  settings: ConservativeSettings,
  lagrange: Lagrange | undefined,
): ReturnType<CriticRegulariser["loss"]> {
  const { pushed, policyQ } = pushDown(inputs, settings);
  const gaps = tf.sub(pushed, markedMean(inputs.q, inputs.fromData));
  const terms = tf.mul(settings.weight, gaps);
  const step = lagrange === undefined ? undefined : multiplierStep(terms, inputs.state, lagrange);
  const added = step === undefined ? terms : tf.mul(step.multiplier, tf.sub(terms, lagrange!.threshold));
  const figures = settings.compareWith === "model" ? modelFigures(inputs) : policyFigures(inputs, policyQ);
  return {
    loss: tf.sum(added),
    metrics: {
      ...Object.fromEntries(tf.unstack(added).map((each, index) => [`conservativeLoss${index + 1}`, each])),
      conservativeTerm: tf.mean(gaps),
      ...figures,
      ...(step === undefined ? {} : { multiplier: tf.mean(step.multiplier) }),
    },
    ...(step === undefined ? {} : { state: step.state }),
  };
}

/** Pairs that go through the critics at once: more do not fit the cache with all that is made of them. */
const PAIRS = 1000;

interface PushedDown {
  /** What is pushed down, a mean over states [critics]. */
  readonly pushed: Tensor;
  /** Q at the policy's actions [critics, samples, rows]. */
  readonly policyQ: Tensor;
}

/**
 * All states, some at a time.
 *
 * A state's part of the loss depends on no other state's, so each group's activations are done with, gradients and all,
 * before the next group's are made.
 */
function pushDown(inputs: CriticRegulariserInputs, settings: ConservativeSettings): PushedDown {
  const states = sampledStates(inputs, settings);
  const sampled = actionsAt(states, inputs, settings);
  const [samples = 0, rows = 0] = sampled.actions.shape;
  const groups = rowGroups(rows, PAIRS / samples);
  const { value, extras } = inputs.sumOfGroups(groups.length, (criticOfActions, group) => {
    const { from, count } = groups[group]!;
    const actions = tf.slice(sampled.actions, [0, from, 0], [-1, count, -1]);
    const logDensity = tf.slice(sampled.logDensity, [0, from], [-1, count]);
    const observation = tf.slice(states.observation, [from, 0], [count, -1]);
    const { pushed, policyQ } = pushDownGroup(observation, { actions, logDensity }, criticOfActions, settings);
    return { value: tf.mul(count / rows, pushed), extra: policyQ };
  });
  return { pushed: value, policyQ: tf.concat([...extras], -1) };
}

function actionsAt(
  states: SampledStates,
  inputs: CriticRegulariserInputs,
  settings: ConservativeSettings,
): SampledActions {
  if (settings.pushDown === "softmax") return sampleActions(inputs, states, settings);
  const { action, logProbability } = inputs.policy(states.observation, inputs.noise["noise/policy"]!);
  return { actions: action, logDensity: tf.squeeze(logProbability, [2]) };
}

function pushDownGroup(
  observation: Tensor,
  sampled: SampledActions,
  criticOfActions: CriticRegulariserInputs["criticOfActions"],
  settings: ConservativeSettings,
): PushedDown {
  if (settings.pushDown === "mean") {
    const q = criticOfActions(observation, sampled.actions);
    return { pushed: tf.mean(q, [1, 2]), policyQ: q };
  }
  const { q, weighted } = sampledValues(criticOfActions, observation, sampled);
  const [critics = 0, , samples = 0, rows = 0] = q.shape;
  const policyQ = tf.squeeze(tf.slice(q, [0, 0, 0, 0], [critics, 1, samples, rows]), [1]);
  return { pushed: softMaximum(weighted, settings), policyQ };
}

/** Rows in groups of much the same size, which is at most so many, but at least one. */
function rowGroups(rows: number, largest: number): readonly RowRange[] {
  const count = Math.ceil(rows / Math.max(1, Math.floor(largest)));
  const edge = (index: number): number => Math.floor((index * rows) / count);
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), count: edge(index + 1) - edge(index) }));
}

function sampledStates({ batch }: CriticRegulariserInputs, settings: ConservativeSettings): SampledStates {
  const { from, count } = rowsOf(settings, batch.observation.shape[0]!);
  if (from === 0 && count === batch.observation.shape[0]) return batch;
  const cut = (x: Tensor): Tensor => tf.slice(x, [from, 0], [count, -1]);
  return { observation: cut(batch.observation), nextObservation: cut(batch.nextObservation) };
}

/** Mean over critics: [critics, ...] -> [...]. */
const ofCritics = (q: Tensor): Tensor => tf.mean(q, 0);

function modelFigures({ q, fromData }: CriticRegulariserInputs): Record<string, Tensor> {
  const values = tf.squeeze(ofCritics(q), [1]);
  const marks = tf.squeeze(fromData, [1]);
  const [dataQ, modelQ] = [tf.mean(markedMean(q, fromData)), tf.mean(markedMean(q, tf.sub(1, fromData)))];
  return { dataQ, modelQ, qGap: tf.sub(dataQ, modelQ), qSeparation: separation(values, marks) };
}

function policyFigures({ q, batch }: CriticRegulariserInputs, sampled: Tensor): Record<string, Tensor> {
  const values = tf.reshape(ofCritics(q), [batch.observation.shape[0]!]);
  const samples = ofCritics(sampled);
  const [dataQ, policyQ] = [tf.mean(values), tf.mean(samples)];
  return { dataQ, policyQ, qGap: tf.sub(dataQ, policyQ), qSeparation: pairedSeparation(values, samples) };
}
