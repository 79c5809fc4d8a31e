// A tensor program as training runs it: state kept from step to step, fresh noise each time.
import { drawNoise, type HostTensors, Random, type TensorProgram, type TypedArray } from "@lowerbound/core";
import { createOnnxEngine, loadNative } from "@lowerbound/runtime";

export type Inputs = Readonly<Record<string, TypedArray>>;

/** Compiles for native onnxruntime with that many threads; a step draws its noise and runs the program once. */
export async function stepOf(
  program: TensorProgram,
  initial: HostTensors,
  inputs: Inputs,
  threads: number,
): Promise<() => Promise<void>> {
  const engine = createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" });
  const compiled = await engine.compile(program);
  const state = new Map(Object.entries(initial));
  const random = Random.fromSeed(0);
  const noise: Record<string, TypedArray> = {};
  return async () => {
    await compiled.run(state, { ...inputs, ...drawNoise(random, program.noise, noise) });
  };
}

/** Standard normal numbers, the same for every call. */
export const normal = (size: number): Float32Array => Random.fromSeed(1).normal(new Float32Array(size));

/** Uniform numbers of [-1, 1). */
export const symmetric = (size: number): Float32Array =>
  Random.fromSeed(2)
    .uniform(new Float32Array(size))
    .map((value) => 2 * value - 1);
