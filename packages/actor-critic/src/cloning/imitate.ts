import {
  CapabilityError,
  type Dimensions,
  type FitContext,
  float32,
  type HostTensors,
  type Optimiser,
  type Specs,
  type TensorProgram,
  zerosOf,
} from "@lowerbound/core";
import { adamUpdate, clockSpec, differentiate, momentSpecs, tick } from "@lowerbound/nn";
import * as tf from "@tensorflow/tfjs";
import { fitNormaliser } from "../replay/normalise.js";
import { copyTensors } from "../training/evaluate.js";
import { type OfflineOptions, trainOffline } from "../training/offline.js";

export interface ImitationOptions extends OfflineOptions {
  readonly learningRate: number;
}

/** Policy tensors that learn: those beside which the optimiser keeps moments. @throws CapabilityError where it keeps none */
function learntSpecs({ policy }: Optimiser, dimensions: Dimensions, fresh: HostTensors): Specs {
  const read = Object.entries(policy.state(dimensions));
  const learnt = read.filter(([name]) => fresh[`m/${name}`] !== undefined);
  if (learnt.length > 0) return Object.fromEntries(learnt);
  throw new CapabilityError("no tensor of the optimiser's policy can be told to learn by cloning", {
    where: "optimiser",
    expected: `Adam's moments \`m/NAME\` beside one of ${read.map(([name]) => name).join(", ")} at least`,
    remedy: "take another optimiser, or an algorithm that clones nothing (morel: set algorithm.cloningUpdates to 0)",
  });
}

/**
 * One step of an optimiser's own policy towards the data's actions, by the squared error of its mode: observation
 * [batch, observation], action [batch, action] -> `loss` [].
 *
 * A standard deviation is not fitted: it stays where the optimiser began it, but for what its head shares with the mode's
 * (docs/decisions/0006).
 */
export function imitationProgram(
  optimiser: Optimiser,
  dimensions: Dimensions,
  { learnt, batch, learningRate }: { readonly learnt: Specs; readonly batch: number; readonly learningRate: number },
): TensorProgram {
  return {
    name: "imitation-update",
    state: { ...optimiser.policy.state(dimensions), ...momentSpecs(learnt), clock: clockSpec },
    inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
    noise: {},
    fn: (tensors) => {
      const parameters = Object.fromEntries(Object.keys(learnt).map((name) => [name, tensors[name]!]));
      const { loss, gradients } = differentiate(parameters, (present) => {
        const mode = optimiser.policy.act(tensors.observation!, { ...tensors, ...present }, undefined);
        return { loss: tf.mean(tf.squaredDifference(mode, tensors.action!)), extras: {} };
      });
      const clock = tick(tensors.clock!);
      return { ...adamUpdate(tensors, gradients, clock, { learningRate }), clock, loss };
    },
  };
}

/**
 * An optimiser's policy started from behaviour cloning: the tensors that its `policy` reads, and facts.
 *
 * Goes on from the newest checkpoint, bit for bit.
 * @throws NumericalError when the loss stops being usable; CapabilityError where no tensor of the policy has moments
 */
export async function imitate(context: FitContext, optimiser: Optimiser, options: ImitationOptions) {
  const { observation, action } = await context.dataset.info();
  const dimensions = { observation, action };
  const specsOnly = { mean: new Float32Array(observation), std: new Float32Array(observation).fill(1) };
  const blank = optimiser.initialise(dimensions, context.random.stream("specs"), undefined, specsOnly);
  const learnt = learntSpecs(optimiser, dimensions, blank);
  const { policy } = optimiser;
  const names = Object.keys(policy.state(dimensions));
  const { tensors, facts } = await trainOffline(
    { ...context, evaluator: undefined },
    {
      policy,
      initialise: (random, { observations }) => {
        const scale = fitNormaliser(observations, observation);
        const fresh = optimiser.initialise(dimensions, random, undefined, scale);
        const zero = zerosOf({ ...momentSpecs(learnt), clock: clockSpec });
        return { ...copyTensors(new Map(Object.entries(fresh)), names), ...zero };
      },
      programs: (sizes, batch) => [
        imitationProgram(optimiser, sizes, { learnt, batch, learningRate: options.learningRate }),
      ],
    },
    options,
  );
  return { tensors: copyTensors(new Map(Object.entries(tensors)), names), facts };
}
