import { readFile } from "node:fs/promises";
import { FileError } from "@lowerbound/core";
import { z } from "zod";

/** A tensor, converted to single precision. */
export interface HalfTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const entrySchema = z.object({
  dtype: z.literal("F16"),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** Read a safetensors file of half-precision tensors. @throws FileError if it is missing or something else */
export async function readHalfTensors(file: URL): Promise<ReadonlyMap<string, HalfTensor>> {
  try {
    const bytes = await readFile(file);
    const begin = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__, ...entries } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(bytes.toString("utf8", 8, begin)));
    const view = new DataView(bytes.buffer, bytes.byteOffset + begin, bytes.length - begin);
    return new Map(Object.entries(entries).map(([name, entry]) => [name, readTensor(view, entrySchema.parse(entry))]));
  } catch (cause) {
    throw new FileError("the policies shipped with the package cannot be read", {
      where: file.pathname,
      expected: "a safetensors file in half precision",
      remedy: "install @lowerbound/recipes again",
      cause,
    });
  }
}

function readTensor(view: DataView, { shape, data_offsets: [begin, end] }: z.output<typeof entrySchema>): HalfTensor {
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
