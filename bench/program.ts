// A tensor program as training runs it: state kept from step to step, fresh noise each time.
import {
  type CompiledProgram,
  drawNoise,
  type HostTensors,
  Random,
  sizeOf,
  type TensorProgram,
  type TypedArray,
  zeros,
} from "@lowerbound/core";
import { createOnnxEngine, loadNative, matrixProductsOf } from "@lowerbound/runtime";

export interface Job {
  readonly program: TensorProgram;
  /** State to begin with; what it lacks (moments, clocks) begins at zero. */
  readonly initial: HostTensors;
  readonly inputs: Readonly<Record<string, TypedArray>>;
  readonly threads: number;
}

/** Compiles for native onnxruntime with that many threads. */
export const compiledFor = (program: TensorProgram, threads: number): Promise<CompiledProgram> =>
  createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" }).compile(program);

/** A step that draws the program's noise and runs it once. */
export async function stepOf({ program, initial, inputs, threads }: Job): Promise<() => Promise<void>> {
  const compiled = await compiledFor(program, threads);
  const state = new Map(Object.entries(program.state).map(([name, spec]) => [name, initial[name] ?? zeros(spec)]));
  const random = Random.fromSeed(0);
  const noise: Record<string, TypedArray> = {};
  return async () => {
    await compiled.run(state, { ...inputs, ...drawNoise(random, program.noise, noise) });
  };
}

/** A step that does the program's matrix products and nothing else. */
export async function limitStepOf(program: TensorProgram, threads: number): Promise<() => Promise<void>> {
  const products = matrixProductsOf(program);
  const compiled = await compiledFor(products, threads);
  const operands = Object.entries(products.inputs).map(([name, { shape }]) => [name, normal(sizeOf(shape))]);
  const inputs: Record<string, TypedArray> = Object.fromEntries(operands);
  const state = new Map();
  return async () => {
    await compiled.run(state, inputs);
  };
}

/** Standard normal numbers, the same for every call. */
export const normal = (size: number): Float32Array => Random.fromSeed(1).normal(new Float32Array(size));

/** Uniform numbers of [-1, 1). */
export const symmetric = (size: number): Float32Array =>
  Random.fromSeed(2)
    .uniform(new Float32Array(size))
    .map((value) => 2 * value - 1);
