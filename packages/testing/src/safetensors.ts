import { sizeOf } from "@lowerbound/core";
import { z } from "zod";

/** A tensor of a golden file; row-major. */
export interface StoredTensor {
  readonly dtype: "float32" | "float64" | "int32" | "uint8";
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

const DTYPES = { F32: "float32", F64: "float64", I32: "int32", U8: "uint8" } as const;
const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array } as const;

const entrySchema = z.object({
  dtype: z.enum(["F32", "F64", "I32", "U8"]),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.unknown());

/**
 * Read a golden file in the safetensors format: F32, F64, I32 and U8, each tensor copied.
 *
 * @throws Error naming the tensor whose entry is wrong. Source: https://huggingface.co/docs/safetensors (format).
 */
export function readSafetensors(bytes: Uint8Array, where: string): ReadonlyMap<string, StoredTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new Error(`${where}: no safetensors file, ${bytes.length} bytes`);
  const dataStart = 8 + Number(view.getBigUint64(0, true));
  if (dataStart > bytes.length) throw new Error(`${where}: the header ends beyond the file`);
  const header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart))));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, raw] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets } = entrySchema.parse(raw);
    const type = DTYPES[dtype];
    const [begin, end] = data_offsets;
    const piece = Uint8Array.from(bytes.subarray(dataStart + begin, dataStart + end));
    const data = new ARRAYS[type](piece.buffer, 0, piece.length / ARRAYS[type].BYTES_PER_ELEMENT);
    if (data.length !== sizeOf(shape)) throw new Error(`${where}: tensor "${name}" does not fill its shape`);
    tensors.set(name, { dtype: type, shape, data });
  }
  return tensors;
}
