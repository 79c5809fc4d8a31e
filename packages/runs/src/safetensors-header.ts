import { FileError, sizeOf } from "@lowerbound/core";
import { z } from "zod";

const ITEM_SIZE = { F64: 8, F32: 4, F16: 2, I32: 4, U8: 1, BOOL: 1 } as const;

/** Element types that are read; only F32, I32 and BOOL are written. */
export type StoredType = keyof typeof ITEM_SIZE;

/** A tensor's place: byte offsets from the end of the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

const LENGTH_BYTES = 8;
const LONGEST = 100_000_000;

const Offset = z.int().nonnegative();
const Entry = z.strictObject({
  dtype: z.enum(["F64", "F32", "F16", "I32", "U8", "BOOL"]),
  shape: z.array(Offset),
  data_offsets: z.tuple([Offset, Offset]),
});
const Metadata = z.record(z.string(), z.string());
const Names = z.record(z.string(), z.unknown());

/** Length, JSON and padding that come before the data. */
export function renderHeader(entries: readonly HeaderEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  const fields: [string, unknown][] = entries.map(({ name, dtype, shape, begin, end }) => [
    name,
    { dtype, shape, data_offsets: [begin, end] },
  ]);
  if (Object.keys(sorted).length > 0) fields.unshift(["__metadata__", sorted]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, LENGTH_BYTES);
  return header;
}

/** Read and check the header of a whole safetensors file, of any of its types. @throws FileError at `where` */
export function parseHeader(bytes: Uint8Array, where: string): Header {
  const broken = (what: string) =>
    new FileError(what, {
      where,
      expected: "a whole safetensors file",
      remedy: "use an intact copy, or write it again",
    });
  if (bytes.length < LENGTH_BYTES) throw broken("the file is too short for a header");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (length > LONGEST || dataStart > bytes.length) throw broken("the header is longer than the file");
  const names = Names.safeParse(parseJson(bytes.subarray(LENGTH_BYTES, dataStart)));
  if (!names.success) throw broken("the header is not a JSON object");
  const { __metadata__: rawMetadata = {}, ...rest } = names.data;
  const metadata = Metadata.safeParse(rawMetadata);
  if (!metadata.success) throw broken("the header's metadata are not strings");
  const entries = Object.entries(rest).map(([name, raw]) => parseEntry(name, raw, broken));
  const end = checkOffsets(entries, broken);
  if (dataStart + end !== bytes.length) {
    throw broken(`the tensors take ${end} bytes, the file holds ${bytes.length - dataStart}`);
  }
  return { entries, metadata: metadata.data, dataStart };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function parseEntry(name: string, raw: unknown, broken: (what: string) => FileError): HeaderEntry {
  const parsed = Entry.safeParse(raw);
  if (!parsed.success) throw broken(`tensor "${name}" is not of a known type with a shape and offsets`);
  const { dtype, shape, data_offsets } = parsed.data;
  const [begin, end] = data_offsets;
  if (end - begin !== sizeOf(shape) * ITEM_SIZE[dtype])
    throw broken(`tensor "${name}": its shape and offsets disagree`);
  return { name, dtype, shape, begin, end };
}

/** The tensors must fill the data without gaps or overlaps. Returns where they end. */
function checkOffsets(entries: readonly HeaderEntry[], broken: (what: string) => FileError): number {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) throw broken(`tensor "${entry.name}" leaves a gap or overlaps another`);
    end = entry.end;
  }
  return end;
}
