import {
  type Engine,
  float32,
  type HostTensor,
  type NoiseSpec,
  type TensorProgram,
  type TensorState,
  type TypedArray,
  zeros,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { networkOf } from "../model/networks.js";
import {
  batchInputs,
  batchNoise,
  stepAlong,
  tokenGradients,
  tokenUpdateProgram,
  type UpdateOptions,
  type UpdateSizes,
  updateState,
} from "./update.js";

export interface StepOptions extends UpdateOptions {
  /** Mini-batches of one step. */
  readonly accumulate: number;
}

/** Steps of AdamW, each over one mini-batch or the mean over several. */
export interface Stepper {
  /** Of each mini-batch. */
  readonly noise: NoiseSpec;
  /**
   * One step: `next` fills the inputs of a mini-batch, noise among them, and `learningRate` is asked when all are filled.
   *
   * @returns the mean loss of the mini-batches, before the step
   */
  step(
    state: TensorState,
    next: () => Readonly<Record<string, TypedArray>>,
    learningRate: () => number,
  ): Promise<number>;
  dispose(): Promise<void>;
}

/** One program for a step of one mini-batch; else one for gradients and one for the step, so that memory is of one mini-batch. */
export const openStepper = (engine: Engine, sizes: UpdateSizes, options: StepOptions): Promise<Stepper> =>
  options.accumulate === 1 ? openWhole(engine, sizes, options) : openAccumulating(engine, sizes, options);

async function openWhole(engine: Engine, sizes: UpdateSizes, options: StepOptions): Promise<Stepper> {
  const program = await engine.compile(tokenUpdateProgram(sizes, options));
  return {
    noise: program.program.noise,
    step: async (state, next, learningRate) => {
      const inputs = next();
      const { loss } = await program.run(state, { ...inputs, learningRate: Float32Array.of(learningRate()) });
      return loss!.data[0]!;
    },
    dispose: () => program.dispose(),
  };
}

const FLAT = ["decayed", "undecayed"] as const;
const sumOf = (name: (typeof FLAT)[number]): string => `sum/${name}`;

async function openAccumulating(engine: Engine, sizes: UpdateSizes, options: StepOptions): Promise<Stepper> {
  const gradients = await engine.compile(gradientProgram(sizes, options));
  const applying = await engine.compile(applyProgram(sizes, options)).catch(async (error: unknown) => {
    await gradients.dispose();
    throw error;
  });
  let sums = FLAT.map((name): [string, HostTensor] => [sumOf(name), zeros(gradients.program.state[sumOf(name)]!)]);
  const add = async (state: TensorState, inputs: Readonly<Record<string, TypedArray>>, first: boolean) => {
    const own: TensorState = new Map([...FLAT.map((name): [string, HostTensor] => [name, state.get(name)!]), ...sums]);
    const { loss } = await gradients.run(own, { ...inputs, first: Float32Array.of(first ? 1 : 0) });
    sums = sums.map(([name]) => [name, own.get(name)!]);
    return loss!.data[0]!;
  };
  return {
    noise: gradients.program.noise,
    step: async (state, next, learningRate) => {
      let loss = 0;
      for (let k = 0; k < options.accumulate; k++) loss += (await add(state, next(), k === 0)) / options.accumulate;
      const found = Object.fromEntries(sums.map(([name, { data }]) => [name, data]));
      await applying.run(state, { ...found, learningRate: Float32Array.of(learningRate()) });
      return loss;
    },
    dispose: async () => {
      await gradients.dispose();
      await applying.dispose();
    },
  };
}

/** Adds a mini-batch's gradients, over the number of mini-batches, to the sums; `first` [1] begins them anew. */
function gradientProgram(sizes: UpdateSizes, options: StepOptions): TensorProgram {
  const { decayed, undecayed } = updateState(sizes.architecture);
  return {
    name: `${networkOf(sizes.architecture).name}-gradients`,
    state: { decayed: decayed!, undecayed: undecayed!, [sumOf("decayed")]: decayed!, [sumOf("undecayed")]: undecayed! },
    inputs: { ...batchInputs(sizes), first: float32(1) },
    noise: batchNoise(sizes, options),
    fn: (tensors) => {
      const { loss, gradients } = tokenGradients(tensors, sizes, options);
      const kept = tf.sub(1, tensors.first!);
      const sums = FLAT.map((name) => [
        sumOf(name),
        tf.add(tf.mul(tensors[sumOf(name)]!, kept), tf.div(gradients[name], options.accumulate)),
      ]);
      return { ...Object.fromEntries(sums), loss };
    },
  };
}

function applyProgram({ architecture }: UpdateSizes, options: StepOptions): TensorProgram {
  const state = updateState(architecture);
  return {
    name: `${networkOf(architecture).name}-step`,
    state,
    inputs: {
      ...Object.fromEntries(FLAT.map((name) => [sumOf(name), state[name]!])),
      learningRate: float32(1),
    },
    noise: {},
    fn: (tensors) =>
      stepAlong(tensors, { decayed: tensors[sumOf("decayed")]!, undecayed: tensors[sumOf("undecayed")]! }, options),
  };
}
