import {
  CapabilityError,
  type DynamicsModel,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Matrix,
  type Policy,
  type Random,
  scoped,
  type TensorProgram,
  type Termination,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

export interface ModelBasedJob {
  readonly engine: Engine;
  readonly dynamics: DynamicsModel;
  /** The fitted model's tensors. */
  readonly tensors: HostTensors;
  readonly termination: Termination;
  readonly policy: Policy;
  /** First observations [episodes, observation]. */
  readonly starts: Matrix;
  readonly actions: number;
  readonly horizon: number;
  readonly discount: number;
  readonly deterministic: boolean;
  readonly random: Random;
  readonly seed: number;
}

/**
 * Discounted returns [episodes] of any policy in the learnt model, one a start; a row stops paying once it ended.
 *
 * The policy acts on the host, so planners and stateful policies can be evaluated too.
 * @throws CapabilityError for a model that carries state
 */
export async function modelBasedReturns(job: ModelBasedJob): Promise<Float64Array> {
  const { engine, dynamics, tensors, policy, starts, horizon, discount, deterministic, random, seed } = job;
  if (dynamics.capabilities.stateful) {
    throw new CapabilityError("a model that carries state cannot be rolled out here", {
      expected: "a Markov model of the dynamics",
    });
  }
  const program = await engine.compile(stepProgram(job));
  const state = new Map(Object.entries(scoped("dynamics", tensors)));
  const returns = new Float64Array(starts.rows);
  const alive = new Uint8Array(starts.rows).fill(1);
  let observations: Matrix = { ...starts, data: starts.data.slice() };
  let carried = await policy.init(starts.rows, seed);
  for (let step = 0, factor = 1; step < horizon && alive.includes(1); step++, factor *= discount) {
    const acted = await policy.act(observations, carried, { deterministic });
    carried = acted.state;
    const noise = drawNoise(random, program.program.noise);
    const outputs = await program.run(state, { ...noise, observation: observations.data, action: acted.actions.data });
    for (let row = 0; row < starts.rows; row++) {
      if (alive[row] === 0) continue;
      returns[row]! += factor * outputs.reward!.data[row]!;
      if (outputs.ended!.data[row] === 1) alive[row] = 0;
    }
    observations = { ...observations, data: Float32Array.from(outputs.nextObservation!.data) };
  }
  await program.dispose();
  return returns;
}

function stepProgram({ dynamics, tensors, termination, starts, actions }: ModelBasedJob): TensorProgram {
  const { rows, columns } = starts;
  const dimensions = { observation: columns, action: actions };
  return {
    name: "model-step",
    state: scoped("dynamics", dynamics.parameters(tensors)),
    inputs: { observation: float32(rows, columns), action: float32(rows, actions) },
    noise: scoped("dynamics", dynamics.stepNoise(dimensions, rows, tensors)),
    fn: ({ observation, action, ...rest }) => {
      const params = unscoped("dynamics", rest);
      const step = dynamics.step({ observation: observation!, action: action!, noise: params, carry: {} }, params);
      const { nextObservation, reward } = step;
      const ended = termination.terminated({ observation: observation!, action: action!, nextObservation });
      return { nextObservation, reward, ended: tf.cast(ended, "float32") };
    },
  };
}
