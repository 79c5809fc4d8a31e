import type { SequenceScoring } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type TransitionSizes, tokensOf } from "../planning/tokens.js";
import { NOTHING, type Past, type SoftNetwork } from "./network.js";
import { type Relaxation, readOn } from "./relaxation.js";

/** Sizes of relaxed plans, and what their scores are made of. */
export interface RelaxedPlan {
  readonly rows: number;
  readonly horizon: number;
  readonly sizes: TransitionSizes;
  /** Tokens of the goal and of all that the plan starts from, the goal included. */
  readonly goal: number;
  readonly context: number;
  /** Longest context, in transitions, the present one included. */
  readonly contextTransitions: number;
  readonly relaxation: Relaxation;
  readonly scoring: SequenceScoring;
  /** Whether log P_beta of actions counts. */
  readonly likely: boolean;
  /** Middles of the bins of reward and value, [2, bins]. */
  readonly middles: Tensor;
}

export interface RolledOut {
  /** [rows] */
  readonly score: Tensor;
  /** Where they count, log P_beta of each step's action [rows, horizon], in nats. */
  readonly logProbabilities?: Tensor;
}

/**
 * Scores of plans whose tokens are weights, with gradients: discounted rewards and the value of what follows.
 *
 * Known tokens are rows of the embedding table int32 [context], the same for all plans; actions are weights [rows,
 * horizon, action, vocabulary]. Rewards and values are expectations; what is read on of them, and of observations, is
 * the relaxed token. A context that has grown too long is cut as in searches, and read again. What follows the token of
 * the end counts by what of the plan goes on: straight through, for nothing.
 */
export function rollOut(network: SoftNetwork, plan: RelaxedPlan, known: Tensor, actions: Tensor): RolledOut {
  const { sizes, horizon, scoring, likely, rows } = plan;
  const places = { reward: sizes.observation + sizes.action, value: sizes.observation + sizes.action + 1 };
  const logs: Tensor[] = [];
  let course = begin(network, plan, known);
  let score: Tensor = tf.zeros([rows]);
  for (let step = 0; step < horizon; step++) {
    const weights = stepOf(actions, step);
    const alive = goingOn(course, plan);
    const acted = readTokens(network, course, weights, sizes.observation);
    const reward = lastOf(acted.logits);
    let gain = tf.mul(alive, expected(reward, plan, 0));
    if (likely) {
      const log = tf.mul(alive, logProbability(course.next, acted.logits, weights));
      logs.push(log);
      gain = tf.add(gain, tf.mul(scoring.logProbabilityCoefficient, log));
    }
    score = tf.add(score, tf.mul(scoring.discount ** step, gain));
    const rewarded = drawOn(network, plan, acted.course, places.reward);
    const value = readOn(rewarded.next, plan.relaxation);
    const last = { ...rewarded, drawn: [...rewarded.drawn, value] };
    if (step === horizon - 1) {
      const follows = tf.mul(goingOn(last, plan), expected(rewarded.next, plan, 1));
      score = tf.add(score, tf.mul(scoring.discount ** horizon, follows));
      break;
    }
    course = observe(network, plan, valued(network, plan, last, value));
  }
  return likely ? { score, logProbabilities: tf.stack(logs, 1) } : { score };
}

/** What plans have come to. */
interface Course {
  readonly past: Past;
  /** Embedded tokens of the present context, [rows, tokens, embedding] each. */
  readonly tokens: readonly Tensor[];
  /** Logits of the next token [rows, 1, vocabulary]. */
  readonly next: Tensor;
  /** Weights [rows, 1, vocabulary] of all tokens that were not given. */
  readonly drawn: readonly Tensor[];
}

/**
 * What of plans goes on [rows]: 1 less the greatest weight that the token of the end has had.
 *
 * Straight through, 0 or 1. A product would count a soft end once for each entry of an observation.
 */
function goingOn({ drawn }: Course, { rows, middles }: RelaxedPlan): Tensor {
  const bins = middles.shape[1]!;
  if (drawn.length === 0 || drawn[0]!.shape[2] === bins) return tf.ones([rows]);
  const ends = tf.slice(tf.concat([...drawn], 1), [0, 0, bins], [-1, -1, 1]);
  return tf.sub(1, tf.max(tf.squeeze(ends, [2]), 1));
}

/** The next token is read by what the model makes of it, at `place` of its transition. */
function drawOn(network: SoftNetwork, { relaxation }: RelaxedPlan, course: Course, place: number): Course {
  const weights = readOn(course.next, relaxation);
  const { course: grown } = readTokens(network, course, weights, place);
  return { ...grown, drawn: [...grown.drawn, weights] };
}

/** The context is read once, and repeated for every plan. */
function begin(network: SoftNetwork, { rows, context, sizes }: RelaxedPlan, known: Tensor): Course {
  const repeat = (x: Tensor): Tensor => (rows === 1 ? x : tf.tile(x, [rows, ...x.shape.slice(1).map(() => 1)]));
  const embedded = network.known(known);
  const { past, states } = network.read(NOTHING, embedded);
  const kept = Object.fromEntries(Object.entries(past.kept).map(([name, tensor]) => [name, repeat(tensor)]));
  const next = network.logits(lastOf(states), (context - 1) % tokensOf(sizes));
  return { past: { ...past, kept }, tokens: [repeat(embedded)], next: repeat(next), drawn: [] };
}

/** Read tokens by their weights [rows, tokens, vocabulary] -> logits after each of them. */
function readTokens(network: SoftNetwork, course: Course, weights: Tensor, place: number) {
  const embedded = network.embed(weights, place);
  const { past, states } = network.read(course.past, embedded);
  const logits = network.logits(states, place);
  const grown: Course = { ...course, past, tokens: [...course.tokens, embedded], next: lastOf(logits) };
  return { course: grown, logits };
}

/** The value is read by its weights [rows, 1, vocabulary], after a context that is cut where there is no room for one more transition. */
function valued(network: SoftNetwork, plan: RelaxedPlan, course: Course, weights: Tensor): Course {
  const { sizes, goal, contextTransitions } = plan;
  const width = tokensOf(sizes);
  if (course.past.positions + 1 < goal + contextTransitions * width) {
    return readTokens(network, course, weights, width - 1).course;
  }
  const whole = tf.concat([...course.tokens, network.embed(weights, width - 1)], 1);
  const [rows, length, embedding] = whole.shape as [number, number, number];
  const count = (contextTransitions - 1) * width;
  const last = tf.slice(whole, [0, length - count, 0], [rows, count, embedding]);
  const kept = goal === 0 ? last : tf.concat([tf.slice(whole, [0, 0, 0], [rows, goal, embedding]), last], 1);
  const { past, states } = network.read(NOTHING, kept);
  return { ...course, past, tokens: [kept], next: network.logits(lastOf(states), width - 1) };
}

/** The next observation, each entry given those before it. */
function observe(network: SoftNetwork, plan: RelaxedPlan, course: Course): Course {
  let seen = course;
  for (let place = 0; place < plan.sizes.observation; place++) seen = drawOn(network, plan, seen, place);
  return seen;
}

/** Entry `step` of [rows, horizon, action, vocabulary] -> [rows, action, vocabulary]. */
function stepOf(actions: Tensor, step: number): Tensor {
  const [rows, , action, vocabulary] = actions.shape as [number, number, number, number];
  return tf.reshape(tf.slice(actions, [0, step, 0, 0], [rows, 1, action, vocabulary]), [rows, action, vocabulary]);
}

/** The last token's entry of [rows, tokens, n] -> [rows, 1, n]. */
function lastOf(x: Tensor): Tensor {
  const [rows, tokens, n] = x.shape as [number, number, number];
  return tokens === 1 ? x : tf.slice(x, [0, tokens - 1, 0], [rows, 1, n]);
}

/** log P_beta [rows] of actions' weights [rows, action, vocabulary], given the logits before them and those after each. */
function logProbability(next: Tensor, after: Tensor, weights: Tensor): Tensor {
  const [rows, action, vocabulary] = weights.shape as [number, number, number];
  const logits = action === 1 ? next : tf.concat([next, tf.slice(after, [0, 0, 0], [rows, action - 1, vocabulary])], 1);
  return tf.sum(tf.mul(weights, tf.logSoftmax(logits, -1)), [1, 2]);
}

/** Expected reward (0) or value (1) [rows] under logits [rows, 1, vocabulary]; the token of the end counts as 0. */
function expected(logits: Tensor, { middles }: RelaxedPlan, which: 0 | 1): Tensor {
  const [rows, , vocabulary] = logits.shape as [number, number, number];
  const bins = middles.shape[1]!;
  const probabilities = tf.reshape(tf.softmax(logits, -1), [rows, vocabulary]);
  const own = tf.slice(middles, [which, 0], [1, bins]);
  return tf.reshape(tf.matMul(tf.slice(probabilities, [0, 0], [rows, bins]), own, false, true), [rows]);
}
