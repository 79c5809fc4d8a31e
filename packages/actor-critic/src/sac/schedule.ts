import {
  CapabilityError,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type Specs,
  type UpdateHooks,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** How the actor's step size goes. */
export interface Schedule {
  readonly actorLearningRate: number;
  readonly actorSchedule: "constant" | "cosine";
}

/** Updates made so far, [1]; nothing where the step size stays. @throws CapabilityError if their whole number is not known. */
export function scheduleSpecs({ actorSchedule }: Schedule, { updates }: UpdateHooks): Specs {
  if (actorSchedule === "constant") return {};
  if (updates !== undefined) return { updates: float32(1) };
  throw new CapabilityError("the trainer does not say how many updates it makes", {
    where: "optimiser.actorSchedule",
    remedy: "leave the option out, or use a trainer that hands `updates` to the optimiser's hooks",
  });
}

/** The tensor that {@link scheduleSpecs} names. */
export const scheduleTensors = ({ actorSchedule }: Schedule): HostTensors =>
  actorSchedule === "cosine" ? { updates: hostFloat32(new Float32Array(1), 1) } : {};

/** The actor's step size in this update, and the counter after it. */
export function actorRate(
  { actorLearningRate }: Schedule,
  { updates }: Params,
  { updates: whole }: UpdateHooks,
): { readonly rate: number | Tensor; readonly state: Record<string, Tensor> } {
  if (updates === undefined || whole === undefined) return { rate: actorLearningRate, state: {} };
  const share = tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI / whole, updates))));
  return { rate: tf.mul(actorLearningRate, share), state: { updates: tf.add(updates, 1) } };
}
