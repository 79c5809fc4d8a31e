import {
  type Dimensions,
  float32,
  type NoiseSpec,
  type Specs,
  specsOf,
  type TensorProgram,
  type UpdateHooks,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { sacState } from "./networks.js";
import type { SacOptions } from "./options.js";
import { scaleSpecs } from "./scale.js";
import { scheduleSpecs } from "./schedule.js";
import { type SacDetails, sacUpdate } from "./update.js";

/** Inputs of every optimiser's update: a mini-batch, and which of its rows are real. */
export const updateInputs = ({ observation, action }: Dimensions, batch: number): Specs => ({
  observation: float32(batch, observation),
  action: float32(batch, action),
  reward: float32(batch, 1),
  nextObservation: float32(batch, observation),
  termination: float32(batch, 1),
  fromData: float32(batch, 1),
});

function updateNoise(dimensions: Dimensions, batch: number, { backup, criticRegulariser }: UpdateHooks): NoiseSpec {
  const samples = typeof backup === "object" ? [backup.maximumOf] : [];
  return {
    "noise/nextAction": { distribution: "normal", shape: [...samples, batch, dimensions.action] },
    "noise/action": { distribution: "normal", shape: [batch, dimensions.action] },
    ...criticRegulariser?.noise(dimensions, batch),
  };
}

/** Specs of the state that a regulariser keeps beside the optimiser's. */
const hookState = ({ criticRegulariser }: UpdateHooks): Specs => specsOf(criticRegulariser?.state ?? {});

/** One SAC update on a batch; puts out scalar metrics beside the state. */
export function sacProgram(
  dimensions: Dimensions,
  options: SacOptions,
  batch: number,
  hooks: UpdateHooks = {},
): TensorProgram {
  return {
    name: "sac-update",
    state: {
      ...sacState(dimensions, options.hiddenSizes),
      ...scaleSpecs(dimensions, options),
      ...scheduleSpecs(options, hooks),
      ...hookState(hooks),
    },
    inputs: updateInputs(dimensions, batch),
    noise: updateNoise(dimensions, batch, hooks),
    fn: (tensors) => {
      const { state, details } = sacUpdate(tensors, options, { dimensions, hooks });
      return { ...state, ...metricsOf(details) };
    },
  };
}

function metricsOf({ critic, actor, temperature, target }: SacDetails): Record<string, Tensor> {
  const { losses, q } = critic.extras;
  const [loss1, loss2] = tf.split(losses, 2);
  return {
    ...critic.metrics,
    criticLoss1: loss1!,
    criticLoss2: loss2!,
    actorLoss: actor.loss,
    temperatureLoss: tf.mean(temperature.loss),
    qMean: tf.mean(q),
    targetMean: tf.mean(target),
    entropy: tf.neg(tf.mean(actor.extras.logProbability)),
  };
}
