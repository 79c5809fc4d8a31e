import { FileError } from "@lowerbound/core";
import { parseHeader } from "@lowerbound/runs";

const TYPES = {
  F64: ["float64", Float64Array],
  F32: ["float32", Float32Array],
  I32: ["int32", Int32Array],
  U8: ["uint8", Uint8Array],
} as const;

/** A tensor of a golden file; row-major. */
export interface StoredTensor {
  readonly dtype: (typeof TYPES)[keyof typeof TYPES][0];
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/**
 * Read a golden file in the safetensors format: F32, F64, I32 and U8, each tensor copied.
 *
 * @throws FileError at `where` for anything but a whole file of these types.
 */
export function readSafetensors(bytes: Uint8Array, where: string): ReadonlyMap<string, StoredTensor> {
  const { entries, dataStart } = parseHeader(bytes, where);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, StoredTensor] => {
    if (dtype === "F16" || dtype === "BOOL") throw new FileError(`tensor "${name}" is ${dtype}`, { where });
    const [type, Data] = TYPES[dtype];
    const { buffer } = Uint8Array.from(bytes.subarray(dataStart + begin, dataStart + end));
    return [name, { dtype: type, shape, data: new Data(buffer) }];
  });
  return new Map(tensors);
}
