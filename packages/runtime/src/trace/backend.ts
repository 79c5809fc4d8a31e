import { CapabilityError, type TypedArray } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { Builder } from "../graph/builder.js";
import type { Value } from "../graph/graph.js";

export const BACKEND = "lowerbound-trace";

/** Key of a tensor's value; TensorFlow.js compares it by identity. */
type DataId = object;

/** A TensorFlow.js backend that records what kernels would compute instead of computing it. */
export class TraceBackend extends tf.KernelBackend {
  readonly #values = new Map<DataId, Value>();
  readonly #references = new Map<DataId, number>();
  #builder: Builder | undefined;
  #where = "";

  /** Record into this builder until `end`; errors say where. */
  begin(builder: Builder, where: string): void {
    this.#builder = builder;
    this.#where = where;
  }

  end(): void {
    this.#builder = undefined;
    this.#values.clear();
    this.#references.clear();
  }

  get builder(): Builder {
    if (this.#builder === undefined) {
      throw new CapabilityError("a traced tensor was used outside of its tensor function", {
        remedy: "return it from the function instead of keeping it",
      });
    }
    return this.#builder;
  }

  /** The graph value behind a tensor. */
  value(dataId: DataId): Value {
    const value = this.#values.get(dataId);
    if (value !== undefined) return value;
    throw new CapabilityError("a tensor from outside reached a tensor function", {
      where: this.#where,
      remedy:
        "create it inside of the function (`tf.tensor`), or make it an input or state of the program; a component returns it from `fit`",
    });
  }

  /** A tensor that stands for a graph value. */
  adopt(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    this.#references.set(dataId, 1);
    return { dataId, shape: [...value.shape], dtype: value.dtype as "float32" };
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
      throw new CapabilityError(`tensors of type ${dtype} cannot be compiled`, {
        where: this.#where,
        expected: "float32, int32 or bool",
      });
    }
    this.#values.set(dataId, this.builder.constant(typed(values, dtype), dtype, [...shape]));
    this.#references.set(dataId, references);
  }

  override readSync(dataId: DataId): TypedArray {
    const { constant } = this.value(dataId);
    if (constant !== undefined && !(constant instanceof BigInt64Array)) return constant;
    throw new CapabilityError("the value of a tensor was read while its function was being compiled", {
      where: `${this.#where}, dataSync(), arraySync(), data() or print()`,
      remedy: "use tensor operations (tf.where, tf.sum, ...) in place of reading numbers back",
    });
  }

  override read(dataId: DataId): Promise<TypedArray> {
    return Promise.resolve(this.readSync(dataId));
  }

  override numDataIds(): number {
    return this.#values.size;
  }
  override refCount(dataId: DataId): number {
    return this.#references.get(dataId) ?? 0;
  }
  override incRef(dataId: DataId): void {
    this.#references.set(dataId, this.refCount(dataId) + 1);
  }
  decRef(dataId: DataId): void {
    this.#references.set(dataId, this.refCount(dataId) - 1);
  }
  // Values stay known until the trace ends: a later node may share what an earlier tensor stood for.
  override disposeData(): boolean {
    return true;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    this.end();
  }
}

function typed(values: tf.backend_util.BackendValues, dtype: "float32" | "int32" | "bool"): TypedArray {
  const numbers = values as ArrayLike<number>;
  if (dtype === "float32") return Float32Array.from(numbers);
  return dtype === "int32" ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}
