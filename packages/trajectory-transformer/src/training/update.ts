import { float32, int32, type NoiseSpec, type Params, type Specs, type TensorProgram } from "@lowerbound/core";
import {
  adamUpdate,
  CLOCK,
  clockSpec,
  differentiate,
  flatSpec,
  flatten,
  momentSpecs,
  tick,
  unflatten,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { dropoutOf } from "../model/dropout.js";
import { tokenLoss } from "../model/loss.js";
import { type NetworkShape, networkOf } from "../model/networks.js";

export interface UpdateOptions {
  readonly weightDecay: number;
  readonly adamBetas: readonly [number, number];
  readonly adamEpsilon: number;
  /** Largest global norm of the gradients. */
  readonly gradientClip: number;
  /** Probability that a number is dropped. */
  readonly dropout: number;
}

export interface UpdateSizes {
  readonly architecture: NetworkShape;
  /** Of each target, by the place of the token before it [transition]. */
  readonly weights: readonly number[];
  /** Sequences, and tokens of each. */
  readonly batch: number;
  readonly tokens: number;
}

/** Everything an update reads and writes: both flat vectors of parameters, their moments, Adam's clock. */
export function updateState(architecture: NetworkShape): Specs {
  const { decayed, undecayed } = networkOf(architecture).layouts;
  const parameters = { decayed: flatSpec(decayed), undecayed: flatSpec(undecayed) };
  return { ...parameters, ...momentSpecs(parameters), [CLOCK]: clockSpec };
}

/** A mini-batch: `tokens` and `targets` int32 [batch, tokens], `mask` [batch, tokens]. */
export const batchInputs = ({ batch, tokens }: UpdateSizes): Specs => ({
  tokens: int32(batch, tokens),
  targets: int32(batch, tokens),
  mask: float32(batch, tokens),
});

/** What a mini-batch drops. */
export const batchNoise = (
  { architecture, batch, tokens }: UpdateSizes,
  { dropout }: Pick<UpdateOptions, "dropout">,
): NoiseSpec => networkOf(architecture).noise(batch, tokens, dropout);

/**
 * One step of AdamW with clipped gradients (Loshchilov and Hutter 2019; PyTorch's order: decay, then the step).
 *
 * Inputs: those of {@link batchInputs}, `learningRate` [1]. Puts out `loss` [] and
 * `gradientNorm` [], both of before the step.
 */
export function tokenUpdateProgram(sizes: UpdateSizes, options: UpdateOptions): TensorProgram {
  return {
    name: `${networkOf(sizes.architecture).name}-update`,
    state: updateState(sizes.architecture),
    inputs: { ...batchInputs(sizes), learningRate: float32(1) },
    noise: batchNoise(sizes, options),
    fn: (tensors) => {
      const { loss, gradients } = tokenGradients(tensors, sizes, options);
      return { ...stepAlong(tensors, gradients, options), loss };
    },
  };
}

/** Gradients, or anything else of both flat vectors. */
export type Flat = Readonly<Record<"decayed" | "undecayed", Tensor>>;

/** Everything after the step that gradients ask for, and their `gradientNorm` [] before they were clipped. */
export function stepAlong(tensors: Params, gradients: Flat, options: UpdateOptions): Record<string, Tensor> {
  const { norm, clipped } = clip(gradients, options.gradientClip);
  return { ...adamW(tensors, clipped, options), gradientNorm: norm };
}

/** The network's parameters, cut out of both flat vectors. */
export function parametersOf(tensors: Params, architecture: NetworkShape): Params {
  const layouts = networkOf(architecture).layouts;
  return { ...unflatten(tensors.decayed!, layouts.decayed), ...unflatten(tensors.undecayed!, layouts.undecayed) };
}

/** The loss [] and its gradients as flat vectors. */
export function tokenGradients(
  tensors: Params,
  { architecture, weights }: Pick<UpdateSizes, "architecture" | "weights">,
  { dropout }: Pick<UpdateOptions, "dropout">,
): { readonly loss: Tensor; readonly gradients: Flat } {
  const layouts = networkOf(architecture).layouts;
  const batch = { tokens: tensors.tokens!, targets: tensors.targets!, mask: tensors.mask! };
  const drops = (block?: number) => dropoutOf(tensors, dropout, block);
  const { loss, gradients } = differentiate(parametersOf(tensors, architecture), (params) => ({
    loss: tokenLoss(batch, params, architecture, { weights, drops }),
    extras: {},
  }));
  const flat = (name: keyof Flat) => flatten(gradients, layouts[name]);
  return { loss, gradients: { decayed: flat("decayed"), undecayed: flat("undecayed") } };
}

/** Length [] of all gradients together. */
export const gradientNorm = ({ decayed, undecayed }: Flat): Tensor =>
  tf.sqrt(tf.add(tf.sum(tf.square(decayed)), tf.sum(tf.square(undecayed))));

/** Gradients no longer than a global norm; PyTorch adds 1e-6 to the norm. */
function clip(gradients: Flat, longest: number): { readonly norm: Tensor; readonly clipped: Flat } {
  const { decayed, undecayed } = gradients;
  const norm = gradientNorm(gradients);
  const share = tf.minimum(tf.div(longest, tf.add(norm, 1e-6)), 1);
  return { norm, clipped: { decayed: tf.mul(decayed, share), undecayed: tf.mul(undecayed, share) } };
}

function adamW(
  tensors: Params,
  gradients: Flat,
  { adamBetas: betas, adamEpsilon: epsilon, weightDecay }: UpdateOptions,
): Record<string, Tensor> {
  const clock = tick(tensors[CLOCK]!, betas);
  const learningRate = tensors.learningRate!;
  const next = adamUpdate(tensors, { ...gradients }, clock, { learningRate, betas, epsilon });
  const decayed = tf.sub(next.decayed!, tf.mul(tensors.decayed!, tf.mul(learningRate, weightDecay)));
  return { ...next, decayed, [CLOCK]: clock };
}
