import {
  CapabilityError,
  type CompiledProgram,
  type DynamicsModel,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  overRows,
  type Random,
  type Specs,
  scoped,
  stepModel,
  type TensorProgram,
  type TypedArray,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { filled, matrixOf } from "../off-policy/act-all.js";
import { type FittedPenalty, type PenaltyProgramParts, penaliseStep, penaltyParts } from "./penalise.js";
import type { MeasuredRows } from "./rows.js";

/** A fitted model as programs read it. */
export interface FittedModel {
  readonly engine: Engine;
  readonly dynamics: DynamicsModel;
  readonly tensors: HostTensors;
  readonly random: Random;
}

/** Gaussians of the elites, [elites, rows, dims] with dims = observation + 1, the reward last; and their mean [rows, dims]. */
export interface ElitePrediction {
  readonly members: number;
  readonly rows: number;
  readonly dims: number;
  readonly mean: Float32Array;
  readonly logVar: Float32Array;
  readonly average: Float32Array;
  /** Which members they are. */
  readonly elites: Int32Array;
}

/** Rows that go through the model at once. */
export const BATCH = 256;

/** What the elites predict for rows. @throws CapabilityError for a model without Gaussian members */
export async function predictRows(model: FittedModel, rows: MeasuredRows): Promise<ElitePrediction> {
  requireMarkovMembers(model.dynamics);
  const program = await model.engine.compile(predictProgram(model, rows));
  const chunks = await overChunks(program, model, rows);
  await program.dispose();
  const elites = Int32Array.from(chunks[0]?.elites ?? []);
  return joinElites(chunks, elites, { rows: rows.count, dims: rows.observation + 1 });
}

export function requireMarkovMembers({ capabilities }: DynamicsModel): void {
  if (capabilities.members && !capabilities.stateful) return;
  throw new CapabilityError("the model predicts no Gaussian a member", {
    where: "dynamics",
    expected: "a Markov model with the capability members, such as the ensemble",
  });
}

/** u of rows under a penalty, [rows]. @throws CapabilityError for one that needs what its learner does not give */
export async function penaltyOfRows(
  model: FittedModel,
  penalty: FittedPenalty,
  rows: MeasuredRows,
): Promise<Float64Array> {
  requireMarkovMembers(model.dynamics);
  const parts = penaltyParts(penalty, rows);
  const program = await model.engine.compile(penaltyProgram(model, penalty, rows, parts));
  const state = new Map(Object.entries({ ...scoped("dynamics", model.tensors), ...parts.state }));
  const inputs = { observation: rows.observations, action: rows.actions };
  const { u } = await overRows(program, state, { inputs, count: rows.count, random: model.random });
  await program.dispose();
  return Float64Array.from(u ?? []);
}

export const inputsOf = ({ observation, action }: MeasuredRows): Specs => ({
  observation: float32(BATCH, observation),
  action: float32(BATCH, action),
});

export function stepOf({ dynamics }: FittedModel, tensors: Readonly<Record<string, Tensor>>) {
  return stepModel(
    dynamics,
    { observation: tensors.observation!, action: tensors.action! },
    unscoped("dynamics", tensors),
  );
}

function predictProgram(model: FittedModel, rows: MeasuredRows): TensorProgram {
  const { dynamics, tensors } = model;
  return {
    name: "predict-rows",
    state: scoped("dynamics", dynamics.parameters(tensors)),
    inputs: inputsOf(rows),
    noise: scoped("dynamics", dynamics.stepNoise(rows, BATCH, tensors)),
    fn: (given) => {
      const { prediction, elites } = stepOf(model, given);
      const { meanObservation, meanReward, logVar } = prediction!;
      return {
        mean: tf.concat([meanObservation, meanReward], -1),
        logVar: tf.clone(logVar),
        elites: tf.clone(elites!),
      };
    },
  };
}

function penaltyProgram(
  model: FittedModel,
  penalty: FittedPenalty,
  rows: MeasuredRows,
  parts: PenaltyProgramParts,
): TensorProgram {
  const { dynamics } = model;
  return {
    name: "penalise-rows",
    state: { ...scoped("dynamics", dynamics.parameters(model.tensors)), ...parts.specs },
    inputs: inputsOf(rows),
    noise: { ...scoped("dynamics", dynamics.stepNoise(rows, BATCH, model.tensors)), ...parts.noise(BATCH) },
    fn: (given) => {
      const [observation, action] = [given.observation!, given.action!];
      return { u: penaliseStep(penalty, { observation, action }, stepOf(model, given), given) };
    },
  };
}

/** Run a program of the model over all rows, whatever the shape of its outputs; each output's copies, chunk by chunk, the last one filled up. */
export async function overChunks(
  program: CompiledProgram,
  { tensors, random }: FittedModel,
  rows: MeasuredRows,
): Promise<readonly Readonly<Record<string, TypedArray>>[]> {
  const state = new Map(Object.entries(scoped("dynamics", tensors)));
  const observations = matrixOf(rows.observations, rows.observation);
  const actions = matrixOf(rows.actions, rows.action);
  const chunks: Record<string, TypedArray>[] = [];
  for (let from = 0; from < rows.count; from += BATCH) {
    const outputs = await program.run(state, {
      ...drawNoise(random, program.program.noise),
      observation: filled(observations, from, BATCH).data,
      action: filled(actions, from, BATCH).data,
    });
    chunks.push(Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data.slice()])));
  }
  return chunks;
}

function joinElites(
  chunks: readonly Readonly<Record<string, TypedArray>>[],
  elites: Int32Array,
  { rows, dims }: { readonly rows: number; readonly dims: number },
): ElitePrediction {
  const members = elites.length;
  const joined = (name: string): Float32Array => {
    const out = new Float32Array(members * rows * dims);
    for (let k = 0; k < members; k++) {
      for (let row = 0; row < rows; row++) {
        const from = (elites[k]! * BATCH + (row % BATCH)) * dims;
        out.set(chunks[Math.floor(row / BATCH)]![name]!.subarray(from, from + dims), (k * rows + row) * dims);
      }
    }
    return out;
  };
  const mean = joined("mean");
  const average = new Float32Array(rows * dims);
  for (let i = 0; i < mean.length; i++) average[i % average.length]! += mean[i]! / members;
  return { members, rows, dims, mean, logVar: joined("logVar"), average, elites };
}
