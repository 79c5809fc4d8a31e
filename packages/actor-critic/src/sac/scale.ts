import {
  CapabilityError,
  type Dimensions,
  float32,
  type HostTensors,
  hostFloat32,
  type ObservationScale,
  type Params,
  type Specs,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Whether networks see observations standardised. */
export interface Scaling {
  readonly standardiseObservations: boolean;
}

/** The data's mean and spread as tensors of the state, [observation] each; none where observations stay as they are. */
export const scaleSpecs = ({ observation }: Dimensions, { standardiseObservations }: Scaling): Specs =>
  standardiseObservations ? { observationMean: float32(observation), observationStd: float32(observation) } : {};

/** The tensors that {@link scaleSpecs} names. @throws CapabilityError if they are asked for and `scale` is not there. */
export function scaleTensors({ standardiseObservations }: Scaling, scale: ObservationScale | undefined): HostTensors {
  if (!standardiseObservations) return {};
  if (scale === undefined) {
    throw new CapabilityError("the trainer does not know the scale of the observations", {
      where: "optimiser.standardiseObservations",
      remedy: "leave the option out, or use a trainer that learns from a dataset",
    });
  }
  const tensor = (values: Float32Array) => hostFloat32(values.slice(), values.length);
  return { observationMean: tensor(scale.mean), observationStd: tensor(scale.std) };
}

/** Observations [batch, observation] as the networks see them. */
export const seen = (observation: Tensor, { observationMean, observationStd }: Params): Tensor =>
  observationMean === undefined ? observation : tf.div(tf.sub(observation, observationMean), observationStd!);
