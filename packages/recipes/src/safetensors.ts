import { readFile } from "node:fs/promises";
import { FileError } from "@lowerbound/core";
import { type HeaderEntry, parseHeader } from "@lowerbound/runs";

/** A tensor, converted to single precision. */
export interface HalfTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Read a safetensors file of half-precision tensors. @throws FileError if it is missing or something else */
export async function readHalfTensors(file: URL): Promise<ReadonlyMap<string, HalfTensor>> {
  try {
    const bytes = await readFile(file);
    const { entries, dataStart } = parseHeader(bytes, file.pathname);
    const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart);
    return new Map(entries.map((entry) => [entry.name, readTensor(view, entry)]));
  } catch (cause) {
    throw new FileError("the policies shipped with the package cannot be read", {
      where: file.pathname,
      expected: "a safetensors file in half precision",
      remedy: "install @lowerbound/recipes again",
      cause,
    });
  }
}

function readTensor(view: DataView, { name, dtype, shape, begin, end }: HeaderEntry): HalfTensor {
  if (dtype !== "F16") throw new FileError(`tensor "${name}" is ${dtype}`);
  const data = new Float32Array((end - begin) / 2);
  for (let i = 0; i < data.length; i++) data[i] = fromHalf(view.getUint16(begin + 2 * i, true));
  return { shape, data };
}

/** IEEE 754 binary16, exactly. */
export function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
