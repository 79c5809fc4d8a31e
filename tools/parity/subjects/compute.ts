import {
  type Engine,
  float32,
  type HostTensors,
  int32,
  type Params,
  type Specs,
  type TypedArray,
} from "@lowerbound/core";
import type { Fixture, StoredTensor } from "@lowerbound/testing";
import type { Tensor } from "@tensorflow/tfjs";

/** Run a function on golden tensors once, through an engine, and copy what it returns. */
export async function compute(
  engine: Engine,
  inputs: HostTensors,
  fn: (tensors: Params) => Record<string, Tensor>,
): Promise<Record<string, TypedArray>> {
  const specs: Specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
  );
  const program = await engine.compile({ name: "parity", fn, state: {}, inputs: specs, noise: {} });
  const data = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor.data]));
  const outputs = await program.run(new Map(), data);
  const copies = Object.entries(outputs).map(([name, tensor]) => [name, tensor.data.slice()] as const);
  await program.dispose();
  return Object.fromEntries(copies);
}

/** A golden tensor as an engine takes it; float64 is rounded. */
export function host({ dtype, shape, data }: StoredTensor): HostTensors[string] {
  return dtype === "int32"
    ? { ...int32(...shape), data: Int32Array.from(data) }
    : { ...float32(...shape), data: Float32Array.from(data) };
}

/** Golden tensors under a prefix, by the rest of their names. */
export const hostsUnder = (fixture: Fixture, prefix: string): HostTensors =>
  Object.fromEntries(fixture.names(prefix).map((name) => [name.slice(prefix.length), host(fixture.tensor(name))]));

export const floats = (fixture: Fixture, name: string): Float32Array => Float32Array.from(fixture.tensor(name).data);
export const integers = (fixture: Fixture, name: string): Int32Array => Int32Array.from(fixture.tensor(name).data);

/** Row `index` of a golden tensor's first axis. */
export function slice0(fixture: Fixture, name: string, index: number): Float32Array {
  const { shape, data } = fixture.tensor(name);
  const size = data.length / shape[0]!;
  return Float32Array.from(data.subarray(index * size, (index + 1) * size));
}

/** A matrix [rows, columns] by columns: what is [output, input] in PyTorch is [input, output] here. */
export function transposed(data: ArrayLike<number>, rows: number): Float32Array {
  const columns = data.length / rows;
  return Float32Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}
