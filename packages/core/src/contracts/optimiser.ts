import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { Checking } from "./check.js";
import type { Dimensions } from "./dataset.js";
import type { HostTensors, NoiseSpec, Params, Specs, TensorProgram } from "./tensors.js";

/** A policy as a pure function, so that rollouts compile it together with the model. */
export interface PolicyFunction {
  /** The optimiser's state tensors that it reads. */
  state(dimensions: Dimensions): Specs;
  noise(dimensions: Dimensions, batch: number): NoiseSpec;
  /** Half-width of the box that actions lie in; 1 where left out. */
  readonly maximumAction?: number;
  /** observation [batch, observation] -> action [batch, action] within the box; without noise the mode. */
  act(observation: Tensor, params: Params, noise: Params | undefined): Tensor;
  /** Log-density of given actions [batch, action] -> [batch, 1], in nats; absent from a policy that has none. */
  logProbability?(observation: Tensor, action: Tensor, params: Params): Tensor;
}

/** Learnt values as a pure function. */
export interface CriticFunction {
  /** The optimiser's state tensors that it reads. */
  state(dimensions: Dimensions): Specs;
  /** Q of pairs [batch, observation], [batch, action] -> [critics, batch, 1]. */
  value(observation: Tensor, action: Tensor, params: Params): Tensor;
}

/** One mini-batch inside an update; all [batch, ...], rewards and terminations [batch, 1]. */
export interface UpdateBatch {
  readonly observation: Tensor;
  readonly action: Tensor;
  readonly reward: Tensor;
  readonly nextObservation: Tensor;
  readonly termination: Tensor;
}

/** What a critic's regulariser can look at. */
export interface CriticRegulariserInputs {
  readonly batch: UpdateBatch;
  /** 1 for rows from the dataset, 0 for model rows [batch, 1]. */
  readonly fromData: Tensor;
  /** Q on the batch [critics, batch, 1]. */
  readonly q: Tensor;
  /** Q of pairs -> [critics, rows, 1], differentiable in the critic's parameters. */
  readonly critic: (observation: Tensor, action: Tensor) => Tensor;
  /**
   * Q of several actions at each observation: [rows, observation], [samples, rows, action] -> [critics, samples, rows],
   * differentiable likewise; cheaper than pairs, because what the actions of an observation share is computed once.
   */
  readonly criticOfActions: (observation: Tensor, actions: Tensor) => Tensor;
  /**
   * Sum over groups of a value of each critic, [critics], and each group's extra tensor, which no gradient reaches.
   *
   * For long losses made of independent groups: each group's gradients are computed right after its value, while its
   * activations are in the cache. A critic's value may depend on that critic alone.
   */
  readonly sumOfGroups: (
    groups: number,
    valueAt: (
      criticOfActions: CriticRegulariserInputs["criticOfActions"],
      group: number,
    ) => { readonly value: Tensor; readonly extra: Tensor },
  ) => { readonly value: Tensor; readonly extras: readonly Tensor[] };
  /**
   * A fresh policy sample and its log-probability [rows, 1]; noise [samples, rows, action] gives several at each
   * observation, [samples, rows, action] and [samples, rows, 1].
   */
  readonly policy: (observation: Tensor, noise: Tensor) => { action: Tensor; logProbability: Tensor };
  readonly noise: Params;
  /** The regulariser's own state. */
  readonly state: Params;
}

/** Added to the critics' loss: COMBO, CQL. */
export interface CriticRegulariser {
  /** Tensors of its own that live beside the optimiser's, such as a Lagrange multiplier and its moments. */
  readonly state?: HostTensors;
  noise(dimensions: Dimensions, batch: number): NoiseSpec;
  /** `state` holds what replaces its own tensors; no gradient flows through it, nor through the metrics. */
  loss(inputs: CriticRegulariserInputs): {
    loss: Tensor;
    metrics: Readonly<Record<string, Tensor>>;
    state?: Readonly<Record<string, Tensor>>;
  };
}

/** How an algorithm changes an optimiser's update without knowing it. */
export interface UpdateHooks {
  readonly criticRegulariser?: CriticRegulariser;
  /** Subtracted from the Bellman target -> [batch, 1]. The trainer's own target penalties lower the reward instead. */
  readonly targetPenalty?: (batch: UpdateBatch) => Tensor;
  /** Which networks are updated first; the optimiser's own order where this is left out. */
  readonly order?: "critics-first" | "actor-first";
  /**
   * How a Bellman target values the next observation: `soft`, the least target Q less the entropy term; `plain`, without
   * that term; or the largest of so many sampled actions' Q, a critic, before the least critic is taken. The
   * optimiser's own way where this is left out.
   */
  readonly backup?: "soft" | "plain" | { readonly maximumOf: number };
  /** Updates that the training makes in all, for step sizes that fall until its end. */
  readonly updates?: number;
}

/** Mean and spread of the logged observations, [observation] each. */
export interface ObservationScale {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/** Learnt values of observations as a pure function. */
export interface ValueFunction {
  /** The optimiser's state tensors that it reads. */
  state(dimensions: Dimensions): Specs;
  /** V: [batch, observation] -> [batch, 1]. */
  value(observation: Tensor, params: Params): Tensor;
}

/** What the trainer of an optimiser that learns from fresh rollouts needs beside its update. */
export interface OnPolicyParts {
  readonly value: ValueFunction;
  /** Lambda of generalised advantage estimation. */
  readonly traceDecay: number;
}

/** A policy optimiser: SAC, PPO in the model, ...; MOPO's penalty works with any. */
export interface Optimiser extends Checking {
  /** `replay`: learns from stored transitions; `on-policy`: from fresh rollouts. */
  readonly data: "replay" | "on-policy";
  /**
   * Fresh networks and optimiser state, a hook's own state included. What cloning trains of a policy's tensors are those
   * with Adam's first moment beside them, as `m/NAME`.
   * @throws CapabilityError if the optimiser standardises observations and `scale` is left out.
   */
  initialise(dimensions: Dimensions, random: Random, hooks?: UpdateHooks, scale?: ObservationScale): HostTensors;
  /**
   * Inputs are named as in {@link UpdateBatch}, and `fromData`; an on-policy optimiser's are `observation`, `action`, and
   * `logProbability` (before the update), `advantage` and `valueTarget`, [batch, 1] each. Outputs beside the state are
   * metrics (scalars).
   * @throws CapabilityError if a step size falls until the training's end and `hooks.updates` is left out.
   */
  update(dimensions: Dimensions, batch: number, hooks: UpdateHooks): TensorProgram;
  readonly policy: PolicyFunction;
  /** Present where values are learnt: what penalties that ask for the critic are given. */
  readonly critic?: CriticFunction;
  /** Discount of a step; what endless rewards are worth is reckoned with it. */
  readonly discount?: number;
  /** True where an update depends on how many there will be, such as by a schedule of step sizes. */
  readonly scheduled?: boolean;
  /** Present with `data: "on-policy"`. */
  readonly onPolicy?: OnPolicyParts;
}

export const Optimiser = defineKind<Optimiser>()("optimiser", { summary: "improves a policy", default: "sac" });
