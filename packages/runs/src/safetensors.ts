import { FileError, type HostTensor, type HostTensors, sizeOf, type TypedArray } from "@lowerbound/core";
import { type HeaderEntry, parseHeader, renderHeader, type StoredType } from "./safetensors-header.js";

export interface Safetensors {
  readonly tensors: HostTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

const DTYPES = { float32: "F32", int32: "I32", bool: "BOOL" } as const satisfies Record<
  HostTensor["dtype"],
  StoredType
>;
const RESERVED = ["__metadata__", "__proto__"];

/**
 * Write tensors in the safetensors format, little-endian; the same tensors give the same bytes in whatever order.
 *
 * The header is padded to 8 bytes and four-byte elements come first, so that every tensor is aligned.
 * @throws FileError naming the tensor whose data does not fit its dtype and shape.
 * Source: https://huggingface.co/docs/safetensors (format).
 */
export function encodeSafetensors(tensors: HostTensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const names = Object.keys(tensors).sort((a, b) => compare(order(tensors[a]!), order(tensors[b]!)) || compare(a, b));
  let end = 0;
  const entries = names.map((name): HeaderEntry => {
    const begin = end;
    end += checked(name, tensors[name]!).data.byteLength;
    const { dtype, shape } = tensors[name]!;
    return { name, dtype: DTYPES[dtype], shape, begin, end };
  });
  const header = renderHeader(entries, metadata);
  const bytes = new Uint8Array(header.length + end);
  bytes.set(header);
  for (const { name, begin } of entries) {
    const { data } = tensors[name]!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length + begin);
  }
  return bytes;
}

/**
 * Read tensors in the safetensors format: F32, I32 and BOOL.
 *
 * The arrays are views on `bytes` where its alignment allows, copies otherwise.
 * @throws FileError at `where` for anything but a whole, consistent file.
 */
export function decodeSafetensors(bytes: Uint8Array, where = "safetensors"): Safetensors {
  const { entries, metadata, dataStart } = parseHeader(bytes, where);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, HostTensor] => {
    const [from, to] = [dataStart + begin, dataStart + end];
    if (dtype === "F32") return [name, { dtype: "float32", shape, data: view(bytes, from, to, Float32Array) }];
    if (dtype === "I32") return [name, { dtype: "int32", shape, data: view(bytes, from, to, Int32Array) }];
    if (dtype !== "BOOL") throw new FileError(`tensor "${name}" is ${dtype}, not F32, I32 or BOOL`, { where });
    const data = bytes.subarray(from, to);
    if (data.some((value) => value > 1))
      throw new FileError(`BOOL tensor "${name}" holds values beyond 0 and 1`, { where });
    return [name, { dtype: "bool", shape, data }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

function view<T extends TypedArray>(
  bytes: Uint8Array,
  from: number,
  to: number,
  make: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
): T {
  const aligned = (bytes.byteOffset + from) % 4 === 0;
  if (aligned) return new make(bytes.buffer, bytes.byteOffset + from, (to - from) / 4);
  const copy = bytes.slice(from, to);
  return new make(copy.buffer, 0, (to - from) / 4);
}

function checked(name: string, { dtype, shape, data }: HostTensor): HostTensor {
  const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
  const fits = data instanceof arrays[dtype] && data.length === sizeOf(shape) && !RESERVED.includes(name);
  if (fits && (dtype !== "bool" || !data.some((value) => value > 1))) return { dtype, shape, data };
  throw new FileError(`tensor "${name}" cannot be written`, {
    expected: `another name than ${RESERVED.join(", ")}, and ${sizeOf(shape)} elements of ${dtype} (bool: 0 or 1)`,
  });
}

const order = (tensor: HostTensor): number => (tensor.dtype === "bool" ? 1 : 0);
const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
