import {
  CapabilityError,
  type CompiledProgram,
  type DynamicsModel,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Matrix,
  type Policy,
  type Random,
  scoped,
  stepEnds,
  stepModel,
  type TensorProgram,
  type TensorState,
  type Termination,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { type FittedPenalty, type PenaltyProgramParts, penaliseStep, penaltyParts } from "../calibration/penalise.js";

export interface ModelRolloutJob {
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
  readonly deterministic: boolean;
  readonly random: Random;
  readonly seed: number;
  /** Evaluated at every imagined step, where given. */
  readonly penalty?: FittedPenalty | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One imagined step of all episodes; rows that ended before are not alive and count for nothing. */
export interface ImaginedStep {
  readonly step: number;
  /** [episodes] each */
  readonly alive: Uint8Array;
  readonly rewards: ArrayLike<number>;
  /** u(s, a); zero without a penalty. */
  readonly penalties: ArrayLike<number>;
}

/**
 * Roll any policy out in the learnt model and hand every step to `visit`; the policy acts on the host, so planners and
 * stateful policies serve, too.
 *
 * @returns which episodes had not ended after the horizon, [episodes]
 * @throws CapabilityError for a model that carries state
 */
export async function rollOutInModel(job: ModelRolloutJob, visit: (step: ImaginedStep) => void): Promise<Uint8Array> {
  const { engine, dynamics } = job;
  if (dynamics.capabilities.stateful) {
    throw new CapabilityError("a model that carries state cannot be rolled out here", {
      expected: "a Markov model of the dynamics",
    });
  }
  const parts = job.penalty === undefined ? undefined : penaltyParts(job.penalty, dimensionsOf(job));
  const program = await engine.compile(stepProgram(job, parts));
  const state = new Map(Object.entries({ ...scoped("dynamics", job.tensors), ...parts?.state }));
  return stepThrough(program, state, job, visit).finally(() => program.dispose());
}

async function stepThrough(
  program: CompiledProgram,
  state: TensorState,
  { policy, starts, horizon, deterministic, random, seed, signal }: ModelRolloutJob,
  visit: (step: ImaginedStep) => void,
): Promise<Uint8Array> {
  const alive = new Uint8Array(starts.rows).fill(1);
  const unpenalised = new Float32Array(starts.rows);
  let observations: Matrix = { ...starts, data: starts.data.slice() };
  let carried = await policy.init(starts.rows, seed);
  for (let step = 0; step < horizon && alive.includes(1); step++) {
    signal?.throwIfAborted();
    const acted = await policy.act(observations, carried, { deterministic });
    carried = acted.state;
    const noise = drawNoise(random, program.program.noise);
    const outputs = await program.run(state, { ...noise, observation: observations.data, action: acted.actions.data });
    visit({ step, alive, rewards: outputs.reward!.data, penalties: outputs.penalty?.data ?? unpenalised });
    for (let row = 0; row < starts.rows; row++) if (outputs.ended!.data[row] === 1) alive[row] = 0;
    observations = { ...observations, data: Float32Array.from(outputs.nextObservation!.data) };
  }
  return alive;
}

const dimensionsOf = ({ starts, actions }: ModelRolloutJob) => ({ observation: starts.columns, action: actions });

function stepProgram(job: ModelRolloutJob, parts: PenaltyProgramParts | undefined): TensorProgram {
  const { dynamics, tensors, termination, starts, penalty } = job;
  const { rows, columns } = starts;
  return {
    name: "model-step",
    state: { ...scoped("dynamics", dynamics.parameters(tensors)), ...parts?.specs },
    inputs: { observation: float32(rows, columns), action: float32(rows, job.actions) },
    noise: { ...scoped("dynamics", dynamics.stepNoise(dimensionsOf(job), rows, tensors)), ...parts?.noise(rows) },
    fn: (given) => {
      const [observation, action, params] = [given.observation!, given.action!, unscoped("dynamics", given)];
      const stepped = stepModel(dynamics, { observation, action }, params);
      const { nextObservation, reward } = stepped;
      const ended = tf.cast(stepEnds(termination, { observation, action }, stepped), "float32");
      const outputs = { nextObservation, reward, ended };
      if (penalty === undefined) return outputs;
      return { ...outputs, penalty: penaliseStep(penalty, { observation, action }, stepped, given) };
    },
  };
}
