import {
  type CompiledProgram,
  type Engine,
  type HostTensors,
  learnerInputs,
  type NoiseSpec,
  type Params,
  type PenaltyInputs,
  penaltyInputs,
  scoped,
  specsOf,
  stepModel,
  type TensorProgram,
  type TensorState,
  type TypedArray,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { DynaOptions } from "./options.js";
import { type DynaParts, fittedState, type RolloutParts } from "./parts.js";

/** An optimiser's update, ready to run on a session's state. */
export interface ReadyUpdate {
  readonly noise: NoiseSpec;
  run(state: TensorState, inputs: Readonly<Record<string, TypedArray>>): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** The optimiser's update, with a penalty of the Bellman target compiled into it where there is one. */
export async function compileUpdate(
  engine: Engine,
  { optimiser, hooks, penalty }: DynaParts,
  parts: RolloutParts,
  { batchSize: batch, updates }: Pick<DynaOptions, "batchSize" | "updates">,
): Promise<ReadyUpdate> {
  const program = optimiser.update(parts.dimensions, batch, { ...hooks, updates });
  const coefficient = hooks.targetPenaltyCoefficient;
  const dispose = (update: CompiledProgram) => () => update.dispose();
  if (penalty?.appliesTo !== "target" || coefficient === undefined) {
    const update = await engine.compile(program);
    return { noise: program.noise, run: (state, inputs) => update.run(state, inputs), dispose: dispose(update) };
  }
  const update = await engine.compile(penalisedUpdate(program, parts, { batch, coefficient }));
  return { noise: update.program.noise, run: runBeside(update, fittedState(parts)), dispose: dispose(update) };
}

/** Run an update with fitted tensors beside the session's state, so that no checkpoint has to hold them. */
const runBeside =
  (update: CompiledProgram, fitted: HostTensors): ReadyUpdate["run"] =>
  async (state, inputs) => {
    const whole: TensorState = new Map([...Object.entries(fitted), ...state]);
    const metrics = await update.run(whole, inputs);
    for (const name of [...state.keys()]) state.set(name, whole.get(name)!);
    return metrics;
  };

export interface TargetPenaltyOptions {
  /** Rows of a batch. */
  readonly batch: number;
  /** lambda: what a unit of the penalty costs. */
  readonly coefficient: number;
}

/**
 * An update whose Bellman targets are lowered by coefficient u(s, a) on the model's rows, not on the dataset's.
 *
 * A target is the reward and what follows, so that the reward is lowered inside the update, with the critic and policy
 * of before it; this works with every optimiser. State beside the optimiser's: the model's under `dynamics/`, the
 * penalty's under `penalty/`; metric `targetPenalty`, the batch's mean u over rows of the model. Source: MOBILE (Sun et
 * al. 2023), whose public code spares the rows of the dataset, too.
 */
export function penalisedUpdate(
  update: TensorProgram,
  parts: RolloutParts,
  { batch, coefficient }: TargetPenaltyOptions,
): TensorProgram {
  const { dimensions, dynamics, dynamicsTensors, penalty, penaltyTensors } = parts;
  if (penalty === undefined) return update;
  return {
    name: `${update.name}-penalised`,
    state: {
      ...update.state,
      ...scoped("dynamics", dynamics.parameters(dynamicsTensors)),
      ...scoped("penalty", specsOf(penaltyTensors)),
    },
    inputs: update.inputs,
    noise: {
      ...update.noise,
      ...scoped("dynamics", dynamics.stepNoise(dimensions, batch, dynamicsTensors)),
      ...scoped("penalty", penalty.noise?.(batch, dimensions) ?? {}),
    },
    fn: (tensors) => {
      const fromModel = tf.sub(1, tensors.fromData!);
      const u = tf.mul(
        fromModel,
        tf.expandDims(uncertainty(penalty, inputsOf(parts, tensors), unscoped("penalty", tensors)), -1),
      );
      const rows = tf.maximum(1, tf.sum(fromModel));
      const results = update.fn({ ...tensors, reward: tf.sub(tensors.reward!, tf.mul(coefficient, u)) });
      return { ...results, targetPenalty: tf.div(tf.sum(u), rows) };
    },
  };
}

/** What a penalty sees of a batch: its next observation and reward stand for the sample. */
function inputsOf({ dynamics, optimiser }: RolloutParts, tensors: Params): PenaltyInputs {
  const at = { observation: tensors.observation!, action: tensors.action! };
  const model = unscoped("dynamics", tensors);
  const step = stepModel(dynamics, at, model);
  const logged = { ...step, nextObservation: tensors.nextObservation!, reward: tensors.reward! };
  return { ...penaltyInputs(at, logged, unscoped("penalty", tensors)), ...learnerInputs(optimiser, tensors) };
}
