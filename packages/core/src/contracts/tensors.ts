import type { Tensor } from "@tensorflow/tfjs";

/** Element types that cross the boundary between host and engine; `bool` is one byte an element. */
export type DType = "float32" | "int32" | "bool";
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Type and static shape of a named tensor. */
export interface TensorSpec {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tensor in host memory, row-major. */
export interface HostTensor extends TensorSpec {
  readonly data: TypedArray;
}

export type Specs = Readonly<Record<string, TensorSpec>>;
export type HostTensors = Readonly<Record<string, HostTensor>>;
/** Named tensors inside a tensor function. */
export type Params = Readonly<Record<string, Tensor>>;

/** One named array of random numbers that a tensor function takes as input. */
export interface NoiseEntry {
  /**
   * `normal`: standard normal; `uniform`: [0, 1); `choice`: uniform among `values`, int32; `bernoulli`: bytes (`bool`), 1 with
   * `probability`.
   */
  readonly distribution: "normal" | "uniform" | "choice" | "bernoulli";
  readonly shape: readonly number[];
  readonly values?: readonly number[];
  readonly probability?: number;
}
export type NoiseSpec = Readonly<Record<string, NoiseEntry>>;

/** Element types of noise. */
export const noiseDType = ({ distribution }: Pick<NoiseEntry, "distribution">): DType =>
  distribution === "choice" ? "int32" : distribution === "bernoulli" ? "bool" : "float32";

/**
 * A pure function on tensors with everything needed to run it: the heart of the library.
 *
 * `fn` receives state, inputs and noise by name in one record; an output named as a state tensor replaces it,
 * every other output is handed back.
 */
export interface TensorProgram {
  readonly name: string;
  readonly fn: (tensors: Params) => Record<string, Tensor>;
  readonly state: Specs;
  readonly inputs: Specs;
  readonly noise: NoiseSpec;
}

export const float32 = (...shape: number[]): TensorSpec => ({ dtype: "float32", shape });
export const int32 = (...shape: number[]): TensorSpec => ({ dtype: "int32", shape });

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Types and shapes of tensors. */
export const specsOf = (tensors: HostTensors): Specs =>
  Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));

/** Zero-filled host tensor of a spec. */
export function zeros({ dtype, shape }: TensorSpec): HostTensor {
  const size = sizeOf(shape);
  const data =
    dtype === "float32" ? new Float32Array(size) : dtype === "int32" ? new Int32Array(size) : new Uint8Array(size);
  return { dtype, shape, data };
}

/** Zero-filled host tensors of specs. */
export const zerosOf = (specs: Specs): HostTensors =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, zeros(spec)]));

/** Host tensor of float32 values. */
export const hostFloat32 = (data: Float32Array, ...shape: number[]): HostTensor => ({ dtype: "float32", shape, data });

/** Keys put under `prefix/`: how a component's tensors live beside others' in one state. */
export function scoped<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** The entries under `prefix/`, with the prefix taken off: the inverse of {@link scoped}. */
export function unscoped<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  const start = `${prefix}/`;
  const entries = Object.entries(record).filter(([key]) => key.startsWith(start));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(start.length), value]));
}
