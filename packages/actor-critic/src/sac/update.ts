import type { Dimensions, Params, UpdateBatch, UpdateHooks } from "@lowerbound/core";
import { type ActionSample, type AdamOptions, adamUpdate, flatten, softUpdate, tick } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import {
  type ActorExtras,
  actorGradients,
  bellmanTarget,
  type CriticExtras,
  criticGradients,
  samplePolicy,
  temperatureGradient,
} from "./losses.js";
import { cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";

/** What an update met on the way: for metrics and for comparisons with other code. */
export interface SacDetails {
  readonly next: ActionSample;
  readonly target: Tensor;
  readonly critic: { readonly gradients: Params; readonly extras: CriticExtras };
  readonly actor: { readonly loss: Tensor; readonly gradients: Params; readonly extras: ActorExtras };
  readonly temperature: { readonly loss: Tensor; readonly gradient: Tensor };
}

export interface SacUpdate {
  /** The state's tensors that the update replaces. */
  readonly state: Record<string, Tensor>;
  readonly details: SacDetails;
}

const batchOf = (tensors: Params): UpdateBatch => ({
  observation: tensors.observation!,
  action: tensors.action!,
  reward: tensors.reward!,
  nextObservation: tensors.nextObservation!,
  termination: tensors.termination!,
});

/**
 * One SAC update: critics, then actor (against the updated critics), then temperature, then target critics.
 *
 * Source: SAC (Haarnoja et al. 2018) in the order of public code; the temperature in use is the previous update's.
 */
export function sacUpdate(
  tensors: Params,
  options: SacOptions,
  { dimensions, hooks }: { readonly dimensions: Dimensions; readonly hooks: UpdateHooks },
): SacUpdate {
  const layouts = sacLayouts(dimensions, options.hiddenSizes);
  const clock = tick(tensors.clock!, options.adamBetas);
  const actorParams = cut(tensors.actor!, layouts.actor);
  const { state: criticState, ...critic } = criticStep(tensors, actorParams, options, { dimensions, hooks, clock });
  const actor = actorGradients(
    actorParams,
    {
      observation: tensors.observation!,
      noise: tensors["noise/action"]!,
      critic: cut(criticState.critic!, layouts.critic),
      alpha: tensors.alpha!,
    },
    options,
  );
  const actorState = adamUpdate(
    tensors,
    { actor: flatten(actor.gradients, layouts.actor) },
    clock,
    adamOptions(options, options.actorLearningRate),
  );
  const temperature = temperatureStep(tensors, actor.extras.logProbability, options, { dimensions, clock });
  const target = softUpdate(tensors.target!, criticState.critic!, options.tau);
  return {
    state: { ...criticState, ...actorState, ...temperature.state, target, clock },
    details: { ...critic, actor, temperature },
  };
}

const adamOptions = ({ adamBetas: betas, adamEpsilon: epsilon }: SacOptions, learningRate: number): AdamOptions => ({
  learningRate,
  betas,
  epsilon,
});

interface CriticContext {
  readonly dimensions: Dimensions;
  readonly hooks: UpdateHooks;
  readonly clock: Tensor;
}

function criticStep(tensors: Params, actor: Params, options: SacOptions, { dimensions, hooks, clock }: CriticContext) {
  const { critic: layout } = sacLayouts(dimensions, options.hiddenSizes);
  const batch = batchOf(tensors);
  const next = samplePolicy(batch.nextObservation, tensors["noise/nextAction"]!, actor, options);
  const backup = bellmanTarget({ batch, next, target: cut(tensors.target!, layout), alpha: tensors.alpha! }, options);
  const target = hooks.targetPenalty === undefined ? backup : tf.sub(backup, hooks.targetPenalty(batch));
  const inputs = {
    batch,
    target,
    fromData: tensors.fromData!,
    policy: (observation: Tensor, noise: Tensor) => samplePolicy(observation, noise, actor, options),
    noise: tensors,
  };
  const critic = criticGradients(cut(tensors.critic!, layout), inputs, hooks.criticRegulariser);
  const state = adamUpdate(
    tensors,
    { critic: flatten(critic.gradients, layout) },
    clock,
    adamOptions(options, options.criticLearningRate),
  );
  return { state, next, target, critic };
}

function temperatureStep(
  tensors: Params,
  logProbability: Tensor,
  options: SacOptions,
  { dimensions, clock }: { readonly dimensions: Dimensions; readonly clock: Tensor },
) {
  const targetEntropy = options.targetEntropy ?? -dimensions.action;
  const { loss, gradient } = temperatureGradient(tensors.logAlpha!, logProbability, targetEntropy);
  if (options.temperature !== "auto") return { state: {}, loss, gradient };
  const state = adamUpdate(
    tensors,
    { logAlpha: gradient },
    clock,
    adamOptions(options, options.temperatureLearningRate),
  );
  const alpha = tf.exp(state.logAlpha!);
  const { temperatureMaximum: maximum } = options;
  return { state: { ...state, alpha: maximum === undefined ? alpha : tf.minimum(alpha, maximum) }, loss, gradient };
}
