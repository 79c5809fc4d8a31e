import type { Dimensions, Params, UpdateBatch, UpdateHooks } from "@lowerbound/core";
import { type ActionSample, type AdamOptions, adamUpdate, flatten, softUpdate, tick } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import {
  type ActorExtras,
  actorGradients,
  bellmanTarget,
  type CriticGradients,
  criticGradients,
  samplePolicy,
  temperatureGradient,
} from "./losses.js";
import { cut, type Layouts, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";
import { seen } from "./scale.js";
import { actorRate } from "./schedule.js";
import { targetEntropyOf } from "./target-entropy.js";

/** What an update met on the way: for metrics and for comparisons with other code. */
export interface SacDetails {
  readonly next: ActionSample;
  readonly target: Tensor;
  readonly critic: CriticGradients;
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

interface UpdateContext {
  /** State, noise and batch, observations as the networks see them. */
  readonly tensors: Params;
  /** The batch as it was logged or imagined. */
  readonly logged: UpdateBatch;
  readonly options: SacOptions;
  readonly dimensions: Dimensions;
  readonly hooks: UpdateHooks;
  readonly clock: Tensor;
  readonly layouts: Layouts;
}

/** Networks and temperature that a step meets, as flat vectors: those of before the update, or new ones. */
type Present = Readonly<Record<"actor" | "critic" | "alpha", Tensor>>;

/**
 * One SAC update: critics, then actor (against the updated critics), then temperature, then target critics; or, where
 * a hook asks for it, actor, temperature, critics (against the updated actor and temperature), target critics.
 *
 * Source: SAC (Haarnoja et al. 2018) in the order of public code; the other order is that of public CQL and COMBO. In
 * the first the temperature in use is the previous update's.
 */
export function sacUpdate(
  tensors: Params,
  options: SacOptions,
  { dimensions, hooks }: { readonly dimensions: Dimensions; readonly hooks: UpdateHooks },
): SacUpdate {
  const layouts = sacLayouts(dimensions, options.hiddenSizes);
  const clock = tick(tensors.clock!, options.adamBetas);
  const logged = batchOf(tensors);
  const shown = {
    observation: seen(logged.observation, tensors),
    nextObservation: seen(logged.nextObservation, tensors),
  };
  const context: UpdateContext = {
    tensors: { ...tensors, ...shown },
    logged,
    options,
    dimensions,
    hooks,
    clock,
    layouts,
  };
  const { critic, actor } = hooks.order === "actor-first" ? actorFirst(context) : criticsFirst(context);
  const target = softUpdate(tensors.target!, critic.state.critic!, options.tau);
  return {
    state: { ...critic.state, ...actor.state, target, clock },
    details: { ...critic.details, ...actor.details },
  };
}

function criticsFirst(context: UpdateContext) {
  const before = presentOf(context.tensors, {});
  const critic = criticStep(context, before);
  return { critic, actor: actorStep(context, presentOf(context.tensors, critic.state)) };
}

function actorFirst(context: UpdateContext) {
  const actor = actorStep(context, presentOf(context.tensors, {}));
  return { actor, critic: criticStep(context, presentOf(context.tensors, actor.state)) };
}

const presentOf = (tensors: Params, updated: Params): Present => ({
  actor: updated.actor ?? tensors.actor!,
  critic: updated.critic ?? tensors.critic!,
  // Critics that come first leave the temperature alone.
  alpha: updated.alpha ?? tensors.alpha!,
});

function actorStep(context: UpdateContext, present: Present) {
  const { tensors, options, hooks, clock, layouts } = context;
  const inputs = {
    observation: tensors.observation!,
    noise: tensors["noise/action"]!,
    critic: cut(present.critic, layouts.critic),
    alpha: present.alpha,
  };
  const actor = actorGradients(cut(present.actor, layouts.actor), inputs, options);
  const flat = { actor: flatten(actor.gradients, layouts.actor) };
  const { rate, state: schedule } = actorRate(options, tensors, hooks);
  const state = adamUpdate(tensors, flat, clock, adamOptions(options, rate));
  const temperature = temperatureStep(context, actor.extras.logProbability);
  return { state: { ...state, ...schedule, ...temperature.state }, details: { actor, temperature } };
}

const adamOptions = (
  { adamBetas: betas, adamEpsilon: epsilon }: SacOptions,
  learningRate: number | Tensor,
): AdamOptions => ({
  learningRate,
  betas,
  epsilon,
});

function criticStep({ tensors, logged, options, hooks, clock, layouts }: UpdateContext, present: Present) {
  const actor = cut(present.actor, layouts.actor);
  const batch = batchOf(tensors);
  const policy = (observation: Tensor, noise: Tensor) => samplePolicy(observation, noise, actor, options);
  const next = policy(batch.nextObservation, tensors["noise/nextAction"]!);
  const targets = { batch, next, target: cut(tensors.target!, layouts.critic), alpha: present.alpha };
  const backup = bellmanTarget(targets, options, hooks.backup);
  const target = hooks.targetPenalty === undefined ? backup : tf.sub(backup, hooks.targetPenalty(logged));
  const inputs = { batch, target, fromData: tensors.fromData!, policy, tensors };
  const critic = criticGradients(cut(present.critic, layouts.critic), inputs, hooks.criticRegulariser);
  const flat = { critic: flatten(critic.gradients, layouts.critic) };
  const state = adamUpdate(tensors, flat, clock, adamOptions(options, options.criticLearningRate));
  return { state: { ...state, ...critic.state }, details: { next, target, critic } };
}

function temperatureStep({ tensors, options, dimensions, clock }: UpdateContext, logProbability: Tensor) {
  const targetEntropy = targetEntropyOf(dimensions, options);
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
