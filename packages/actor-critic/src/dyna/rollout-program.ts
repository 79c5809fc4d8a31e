import {
  type DynamicsStep,
  float32,
  learnerInputs,
  type NoiseSpec,
  type Params,
  penaltyInputs,
  type Specs,
  type SteppedFrom,
  scoped,
  specsOf,
  stepEnds,
  stepModel,
  type TensorProgram,
  type UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { RolloutParts } from "./parts.js";

export interface RolloutProgramOptions {
  readonly rows: number;
  /** Act by the policy's mode. */
  readonly deterministic?: boolean;
}

/**
 * One imagined step as one program: policy, model, penalty, termination and the algorithm's reshaping.
 *
 * Input `observation` [rows, observation]. Outputs, rewards and the like [rows, 1]: `action`, `nextObservation`,
 * `reward` and `termination` (1 at terminal states), both reshaped, `modelReward` and `modelTermination` as they were before,
 * and `penalty` where one lowers rewards. State: the policy's under its own names, the model's under `dynamics/`, the penalty's under `penalty/`.
 */
export function rolloutProgram(parts: RolloutParts, { rows, deterministic }: RolloutProgramOptions): TensorProgram {
  const { dimensions, dynamics, dynamicsTensors, penaltyTensors } = parts;
  return {
    name: "rollout",
    state: {
      ...policyState(parts),
      ...scoped("dynamics", dynamics.parameters(dynamicsTensors)),
      ...scoped("penalty", specsOf(penaltyTensors)),
    },
    inputs: { observation: float32(rows, dimensions.observation) },
    noise: rolloutNoise(parts, rows, deterministic ?? false),
    fn: (tensors) => step(parts, tensors, deterministic ?? false),
  };
}

/** The penalty, where rollouts pay it. */
const charged = ({ penalty }: RolloutParts): UncertaintyPenalty | undefined =>
  penalty?.appliesTo === "target" ? undefined : penalty;

/** The optimiser's tensors that a rollout reads. */
export function policyState(parts: RolloutParts): Specs {
  const { dimensions, optimiser } = parts;
  const asksCritic = charged(parts)?.requests?.includes("critic") ?? false;
  return { ...optimiser.policy.state(dimensions), ...(asksCritic ? optimiser.critic?.state(dimensions) : {}) };
}

function rolloutNoise(parts: RolloutParts, rows: number, deterministic: boolean): NoiseSpec {
  const { dimensions, dynamics, dynamicsTensors, optimiser } = parts;
  return {
    ...(deterministic ? {} : scoped("policy", optimiser.policy.noise(dimensions, rows))),
    ...scoped("dynamics", dynamics.stepNoise(dimensions, rows, dynamicsTensors)),
    ...scoped("penalty", charged(parts)?.noise?.(rows, dimensions) ?? {}),
  };
}

function step(parts: RolloutParts, tensors: Params, deterministic: boolean): Record<string, Tensor> {
  const { dynamics, termination, optimiser, hooks } = parts;
  const observation = tensors.observation!;
  const action = optimiser.policy.act(observation, tensors, deterministic ? undefined : unscoped("policy", tensors));
  const dynamicsTensors = unscoped("dynamics", tensors);
  const sampled = stepModel(dynamics, { observation, action }, dynamicsTensors);
  const { nextObservation, reward: modelReward } = sampled;
  const ends = stepEnds(termination, { observation, action }, sampled);
  const transition = {
    observation,
    action,
    nextObservation,
    reward: modelReward,
    termination: tf.expandDims(tf.cast(ends, "float32"), -1),
    penalty: penaltyOf(parts, tensors, { observation, action }, sampled),
  };
  const stored = hooks.reshapeTransition?.(transition) ?? transition;
  const { reward, termination: end } = stored;
  const asModelled = { modelReward: tf.clone(modelReward), modelTermination: tf.clone(transition.termination) };
  const outputs = { action, nextObservation, reward, termination: end, ...asModelled };
  return transition.penalty === undefined ? outputs : { ...outputs, penalty: transition.penalty };
}

/** u(s, a) [rows, 1], or undefined without a penalty. */
function penaltyOf(parts: RolloutParts, tensors: Params, at: SteppedFrom, sampled: DynamicsStep) {
  const penalty = charged(parts);
  if (penalty === undefined) return undefined;
  const own = unscoped("penalty", tensors);
  const inputs = { ...penaltyInputs(at, sampled, own), ...learnerInputs(parts.optimiser, tensors) };
  return tf.expandDims(uncertainty(penalty, inputs, own), -1);
}
