import { type RolloutParts, rollOut, rolloutProgram } from "@lowerbound/actor-critic";
import {
  CapabilityError,
  type CompiledProgram,
  type CriticFunction,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Optimiser,
  overRows,
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
/** States that rollouts start from, at most; evenly spaced, for a log's order is often its policies' age. */
const STARTS = 2000;

/**
 * Mean Q on rollouts of the policy in the model less mean Q on held-out transitions: the conservative term without its
 * weight. Negative where the critic values the data above what the model makes up.
 *
 * Source: COMBO (Yu et al. 2021), section 5, the offline choice of beta. Rollouts start from held-out states: all, or
 * 2000 of them, evenly spaced.
 * @throws CapabilityError if the optimiser learns no values.
 */
export async function criticGap({ engine, tensors, heldOut, ...job }: GapJob): Promise<number> {
  // Rewards are looked at nowhere, nor what a penalty takes from them.
  const parts: RolloutParts = { ...job.parts, penalty: undefined, penaltyTensors: {}, hooks: {} };
  const critic = criticOf(parts.optimiser);
  const state: TensorState = new Map(Object.entries({ ...scoped("dynamics", parts.dynamicsTensors), ...tensors }));
  const rollout = await engine.compile(rolloutProgram(parts, { rows: ROWS }));
  const values = await engine.compile(criticProgram(parts.dimensions, critic));
  try {
    const visited = await visitedPairs(rollout, state, { heldOut, ...job });
    return (await meanValue(values, state, visited)) - (await meanValue(values, state, [heldOut]));
  } finally {
    await rollout.dispose();
    await values.dispose();
  }
}

/** The critic that beta is chosen by. @throws CapabilityError if the optimiser learns no values. */
export function criticOf({ critic }: Pick<Optimiser, "critic">): CriticFunction {
  if (critic !== undefined) return critic;
  throw new CapabilityError("the optimiser has no critic to choose beta by", {
    where: "optimiser",
    expected: "one that hands out its `critic`, such as `sac`",
    remedy: "take another optimiser, or set algorithm.beta to a number",
  });
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
    starts: evenlySpaced(heldOut),
    rolloutLength,
    draw: () => drawNoise(random, program.program.noise),
    store: ({ observations, actions, count }) =>
      pairs.push({ observations: observations.slice(), actions: actions.slice(), count }),
    signal,
  });
  return pairs;
}

/** States to start from [starts, observation]. */
function evenlySpaced({ observations, observation, count }: Transitions): Float32Array {
  const rows = Math.min(count, STARTS);
  const starts = new Float32Array(rows * observation);
  for (let i = 0; i < rows; i++) {
    const row = Math.floor((i * count) / rows);
    starts.set(observations.subarray(row * observation, (row + 1) * observation), i * observation);
  }
  return starts;
}

/** Mean Q of all pairs. */
async function meanValue(program: CompiledProgram, state: TensorState, pairs: readonly Pairs[]): Promise<number> {
  let [sum, total] = [0, 0];
  for (const { observations, actions, count } of pairs) {
    const { q } = await overRows(program, state, { inputs: { observation: observations, action: actions }, count });
    for (const value of q ?? []) sum += value;
    total += count;
  }
  return sum / total;
}
