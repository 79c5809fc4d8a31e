import { type RolloutParts, rollOut, rolloutProgram } from "@lowerbound/actor-critic";
import {
  CapabilityError,
  type CompiledProgram,
  type CriticFunction,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Random,
  scoped,
  type TensorProgram,
  type TensorState,
  type Transitions,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

export interface GapJob {
  readonly engine: Engine;
  readonly parts: RolloutParts;
  /** The optimiser's tensors. */
  readonly tensors: HostTensors;
  /** Transitions that the critic was not trained on. */
  readonly heldOut: Transitions;
  readonly rolloutLength: number;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Rows that go through the model and the critic at once. */
const ROWS = 500;
/** States that rollouts start from, at most. */
const STARTS = 2000;

/**
 * Mean Q on rollouts of the policy in the model less mean Q on held-out transitions: the conservative term without its
 * weight. Negative where the critic values the data above what the model makes up.
 *
 * Source: COMBO (Yu et al. 2021), section 5, the offline choice of beta. Rollouts start from held-out states.
 * @throws CapabilityError if the optimiser learns no values.
 */
export async function criticGap({ engine, parts, tensors, heldOut, ...job }: GapJob): Promise<number> {
  const { critic } = parts.optimiser;
  if (critic === undefined) {
    throw new CapabilityError("the optimiser has no critic to choose beta by", { where: "optimiser" });
  }
  const state: TensorState = new Map(Object.entries({ ...scoped("dynamics", parts.dynamicsTensors), ...tensors }));
  const rollout = await engine.compile(rolloutProgram(parts, { rows: ROWS }));
  const values = await engine.compile(criticProgram(parts.dimensions, critic));
  try {
    const onData = createMean(values, state, parts.dimensions);
    await onData.add(heldOut.observations, heldOut.actions, heldOut.count);
    const visited = await visitedPairs(rollout, state, { heldOut, ...job });
    const onModel = createMean(values, state, parts.dimensions);
    for (const { observations, actions, count } of visited) await onModel.add(observations, actions, count);
    return onModel.mean() - onData.mean();
  } finally {
    await rollout.dispose();
    await values.dispose();
  }
}

const criticProgram = (dimensions: RolloutParts["dimensions"], critic: CriticFunction): TensorProgram => ({
  name: "critic",
  state: critic.state(dimensions),
  inputs: { observation: float32(ROWS, dimensions.observation), action: float32(ROWS, dimensions.action) },
  noise: {},
  fn: (tensors) => ({ q: tf.mean(critic.value(tensors.observation!, tensors.action!, tensors), [0, 2]) }),
});

interface Pairs {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly count: number;
}

/** State-action pairs of rollouts with the present policy. */
async function visitedPairs(
  program: CompiledProgram,
  state: TensorState,
  { heldOut, rolloutLength, random, signal }: Pick<GapJob, "heldOut" | "rolloutLength" | "random" | "signal">,
): Promise<readonly Pairs[]> {
  const pairs: Pairs[] = [];
  await rollOut({
    program,
    state,
    rows: ROWS,
    starts: heldOut.observations.subarray(0, Math.min(heldOut.count, STARTS) * heldOut.observation),
    rolloutLength,
    draw: () => drawNoise(random, program.program.noise),
    store: ({ observations, actions, count }) =>
      pairs.push({ observations: observations.slice(), actions: actions.slice(), count }),
    signal,
  });
  return pairs;
}

/** A running mean of Q, by programs of fixed size; what the last block lacks is filled with zeros and left out. */
function createMean(program: CompiledProgram, state: TensorState, dimensions: RolloutParts["dimensions"]) {
  let [sum, count] = [0, 0];
  const observation = new Float32Array(ROWS * dimensions.observation);
  const action = new Float32Array(ROWS * dimensions.action);
  const fill = (into: Float32Array, data: Float32Array, width: number, from: number, rows: number): void => {
    into.fill(0);
    into.set(data.subarray(from * width, (from + rows) * width));
  };
  return {
    add: async (observations: Float32Array, actions: Float32Array, rows: number): Promise<void> => {
      for (let from = 0; from < rows; from += ROWS) {
        const size = Math.min(ROWS, rows - from);
        fill(observation, observations, dimensions.observation, from, size);
        fill(action, actions, dimensions.action, from, size);
        const { q } = await program.run(state, { observation, action });
        for (let row = 0; row < size; row++) sum += q!.data[row]!;
        count += size;
      }
    },
    mean: () => sum / count,
  };
}
