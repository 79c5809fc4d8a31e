import {
  type DynamicsStep,
  type Params,
  penaltyInputs,
  stepEnds,
  stepModel,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { constant } from "./constant.js";
import type { DynamicsParts } from "./parts.js";

export interface ImagineInputs {
  /** [batch, observation], [batch, action] */
  readonly observation: Tensor;
  readonly action: Tensor;
  /** Of model and penalty, under `dynamics/` and `penalty/`. */
  readonly tensors: Params;
  readonly noise: Params;
  /** Lower the reward by the penalty. */
  readonly penalised: boolean;
}

export interface Imagined {
  /** [batch, observation] */
  readonly nextObservation: Tensor;
  /** [batch, 1], less the penalty where it is asked for. */
  readonly reward: Tensor;
  /** bool [batch, 1] */
  readonly ended: Tensor;
}

/** One step of model, penalty and termination. */
export function imagineStep(parts: DynamicsParts, inputs: ImagineInputs): Imagined {
  const { observation, action, tensors, noise } = inputs;
  const params = unscoped("dynamics", tensors);
  const step = stepModel(parts.dynamics, { observation, action }, params, unscoped("dynamics", noise));
  const { nextObservation } = step;
  const terminated = () => stepEnds(parts.termination, { observation, action }, step);
  const ended = tf.expandDims(constant(terminated), -1);
  return { nextObservation, reward: rewardOf(parts, inputs, step), ended };
}

function rewardOf(
  { penalty, penaltyCoefficient }: DynamicsParts,
  { tensors, noise, penalised, ...at }: ImagineInputs,
  step: DynamicsStep,
): Tensor {
  if (!penalised || penalty === undefined) return step.reward;
  const inputs = penaltyInputs(at, step, unscoped("penalty", noise));
  const u = tf.expandDims(uncertainty(penalty, inputs, unscoped("penalty", tensors)), -1);
  return tf.sub(step.reward, tf.mul(penaltyCoefficient, u));
}
