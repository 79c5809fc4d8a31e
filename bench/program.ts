// A tensor program as training runs it: state kept from step to step, fresh noise each time.
import { drawNoise, type HostTensors, Random, type TensorProgram, type TypedArray, zeros } from "@lowerbound/core";
import { createOnnxEngine, loadNative } from "@lowerbound/runtime";
import type { Prepared } from "./works.js";

export interface Job {
  readonly program: TensorProgram;
  /** State to begin with; what it lacks (moments, clocks) begins at zero. */
  readonly initial: HostTensors;
  readonly inputs: Readonly<Record<string, TypedArray>>;
  readonly threads: number;
}

/** Compiles for native onnxruntime with that many threads; a step draws its noise and runs the program once. */
export async function prepareProgram({ program, initial, inputs, threads }: Job): Promise<Pick<Prepared, "step">> {
  const engine = createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" });
  const compiled = await engine.compile(program);
  const state = new Map(Object.entries(program.state).map(([name, spec]) => [name, initial[name] ?? zeros(spec)]));
  const random = Random.fromSeed(0);
  const noise: Record<string, TypedArray> = {};
  const step = async () => {
    await compiled.run(state, { ...inputs, ...drawNoise(random, program.noise, noise) });
  };
  return { step };
}

/** Standard normal numbers, the same for every call. */
export const normal = (size: number): Float32Array => Random.fromSeed(1).normal(new Float32Array(size));

/** Uniform numbers of [-1, 1). */
export const symmetric = (size: number): Float32Array =>
  Random.fromSeed(2)
    .uniform(new Float32Array(size))
    .map((value) => 2 * value - 1);
