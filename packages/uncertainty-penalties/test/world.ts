// A model that is too sure of itself, and penalties as a pipeline makes and fits them.
import {
  createUntypedPipeline,
  type Dataset,
  DynamicsModel,
  defineComponent,
  type Engine,
  type HostTensors,
  type Params,
  type PenaltyInputs,
  penaltyInputs,
  Random,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { standardComponents } from "@lowerbound/standard";
import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

/** What the bold model predicts of its own spread, as a share of {@link spreadAt}. */
const BOLDNESS = 0.3;

/** Standard deviation by which an entry at x moves. */
export const spreadAt = (x: number): number => 0.1 + Math.abs(x);

/** Two members that predict no move and {@link BOLDNESS} times the spread. */
const boldModel: DynamicsModel = {
  capabilities: { members: true, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation }) => {
    const spread = tf.mul(BOLDNESS, tf.add(0.1, tf.abs(observation)));
    const [reward, logVar] = [tf.zeros([observation.shape[0]!, 1]), tf.mul(2, tf.log(spread))];
    const both = (values: tf.Tensor): tf.Tensor => tf.stack([values, values]);
    const prediction = {
      meanObservation: both(observation),
      meanReward: both(reward),
      logVar: both(tf.concat([logVar, reward], -1)),
    };
    return { nextObservation: observation, reward, carry: {}, prediction, elites: tf.tensor1d([0, 1], "int32") };
  },
};

const bold = defineComponent({
  kind: DynamicsModel,
  type: "bold",
  summary: "a model that is too sure of itself",
  config: z.object({}),
  create: () => boldModel,
});

/** A penalty by its options, beside the bold model. */
export const penaltyOf = (options: object): UncertaintyPenalty =>
  createUntypedPipeline([...standardComponents, bold], { dynamics: { type: "bold" }, penalty: options }).get(
    UncertaintyPenalty,
  );

interface FitTo {
  readonly dataset: Dataset;
  readonly heldOut?: Dataset;
  readonly engine: Engine;
  readonly random?: Random;
}

/** Tensors of a penalty's fit. */
export async function fitted(
  penalty: UncertaintyPenalty,
  { random = Random.fromSeed(3), ...data }: FitTo,
): Promise<HostTensors> {
  const nothing = { tensors: {}, facts: {} };
  const { tensors } = (await penalty.fit?.({ ...data, random, run: memoryRun(), fitted: () => nothing })) ?? nothing;
  return tensors;
}

export const paramsOf = (tensors: HostTensors): Params =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));

/** What a penalty sees of the bold model's step from pairs [batch, observation], [batch, action]. */
export function seenAt(observation: tf.Tensor, action: tf.Tensor): PenaltyInputs {
  const at = { observation, action };
  return penaltyInputs(at, boldModel.step({ ...at, noise: {}, carry: {} }, {}), {});
}

interface Rows {
  readonly observation: number;
  readonly action: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly nextObservations: Float32Array;
}

/** Rows as a log of episodes of `episode` steps without rewards. */
export function logOf(rows: Rows, episode: number): Dataset {
  const steps = rows.actions.length / rows.action;
  return inMemoryDataset({
    name: "rows",
    ...rows,
    rewards: new Float32Array(steps),
    terminations: new Uint8Array(steps),
    timeouts: Uint8Array.from({ length: steps }, (_, step) => (step % episode === episode - 1 ? 1 : 0)),
  });
}
