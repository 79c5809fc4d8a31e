import {
  type Dimensions,
  type DynamicsStep,
  type DynamicsStepInputs,
  type NoiseSpec,
  type Params,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { TokenFilter } from "../search/filters.js";
import { decodeTokens, encodePairs, middlesOf, thresholdsOf } from "./bins.js";
import { type Context, readFirst, readNext } from "./context.js";
import { doubtOf, drawToken, expectedValue, filteredProbabilities } from "./draw.js";
import { type GraphModel, graphModel } from "./parameters.js";

/** What next observations, and the rewards and values that are read on, are drawn from. */
export interface StepFilters {
  readonly observation: TokenFilter;
  readonly reward: TokenFilter;
}

/** One uniform number for each token that is drawn: reward, value, next observation. */
export const tokenNoise = ({ observation }: Dimensions, batch: number): NoiseSpec => ({
  tokens: { distribution: "uniform", shape: [batch, observation + 2] },
});

/**
 * One step of the model: tokens of observation and action are read, those of reward, value and next observation drawn.
 *
 * Noise: `tokens` [batch, observation + 2], uniform. The reward is the expectation of its distribution, not the drawn
 * token; next observations are the middles of their bins. Where the episode ends, the observation stays as it was.
 * What it is given, or probabilities at whatever token, that are not numbers make both NaN: what is drawn would look sound.
 */
export function tokenStep(
  { observation, action, noise }: DynamicsStepInputs,
  params: Params,
  filters: StepFilters,
): DynamicsStep {
  const model = graphModel(unscoped("gpt", params), params.thresholds!);
  const { thresholds } = model;
  const [size, entries] = [observation.shape[1]!, action.shape[1]!];
  const read = encodePairs({ observation, action }, thresholds);
  const start = readFirst(model, read.tokens);
  const place = size + entries;
  const reward = expectedValue(start.logits, middlesOf(thresholdsOf(thresholds, { from: place, count: 1 })));
  const uniform = tf.split(noise.tokens!, size + 2, 1);
  const { tokens, ended, doubt } = drawTokens(model, start, uniform, filters);
  const unsure = tf.add(read.doubt, doubt);
  const next = decodeTokens(tf.stack(tokens.slice(2), 1), thresholdsOf(thresholds, { from: 0, count: size }));
  const found = (nextObservation: Tensor) => ({
    nextObservation: tf.add(nextObservation, unsure),
    reward: tf.add(reward, unsure),
    carry: {},
  });
  if (!model.shape.terminates) return found(next);
  const stays = tf.tile(tf.expandDims(ended, 1), [1, size]);
  return { ...found(tf.where(stays, observation, next)), ended };
}

interface Drawn {
  /** int32 [batch] each. */
  readonly tokens: readonly Tensor[];
  /** bool [batch]: the token of the end was drawn, after which it is the only one. */
  readonly ended: Tensor;
  /** [batch, 1]: NaN where probabilities of a token before the end were not numbers, else 0. */
  readonly doubt: Tensor;
}

/** A token for each of the uniform numbers [batch, 1]: the first two are of reward and value. */
function drawTokens(model: GraphModel, start: Context, uniform: readonly Tensor[], filters: StepFilters): Drawn {
  const end = tf.scalar(model.shape.bins, "int32");
  const tokens: Tensor[] = [];
  let context = start;
  let ended: Tensor = tf.zeros([start.rows], "bool");
  let doubt: Tensor = tf.zeros([start.rows, 1]);
  uniform.forEach((number, i) => {
    const filter = i < 2 ? filters.reward : filters.observation;
    const probabilities = filteredProbabilities(context.logits, filter);
    const found = drawToken(probabilities, number);
    doubt = tf.where(tf.expandDims(ended, 1), doubt, tf.add(doubt, doubtOf(probabilities)));
    const token = tf.where(ended, tf.fill([start.rows], model.shape.bins, "int32"), found);
    ended = tf.logicalOr(ended, tf.equal(token, end));
    tokens.push(token);
    if (i < uniform.length - 1) context = readNext(model, context, token);
  });
  return { tokens, ended, doubt };
}
