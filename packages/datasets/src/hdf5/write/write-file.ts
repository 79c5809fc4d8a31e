import { DataError } from "@lowerbound/core";
import { type PositionedWriter, writeAtomically } from "../../files.js";
import {
  type AttributeValue,
  type Child,
  datasetHeader,
  type ElementType,
  groupHeader,
  SUPERBLOCK_SIZE,
  sizeOfType,
  superblock,
} from "./messages.js";

/** Data of an array, in its file's bytes. */
export type ArrayData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

/** Puts groups and arrays into a file; what a group holds must be put before the group is. */
export interface Hdf5Writer {
  array(name: string, type: ElementType, shape: readonly number[], data: ArrayData): Promise<Child>;
  group(name: string, children: readonly Child[], attributes?: readonly AttributeValue[]): Promise<Child>;
}

/**
 * Write an HDF5 file whose root holds the children that `fill` returns; equal content gives equal bytes.
 *
 * Written here, not by a library, as those stamp the time into every object. Source: HDF5 File Format Specification 3.0
 * (superblock 2, object headers 2, compact links, contiguous data). Atomic: complete or not there.
 * @throws FileError
 */
export async function writeHdf5(path: string, fill: (writer: Hdf5Writer) => Promise<readonly Child[]>): Promise<void> {
  await writeAtomically(path, async (file) => {
    const layout = { end: SUPERBLOCK_SIZE };
    const root = await put(file, layout, groupHeader(await fill(writerTo(file, layout)), []));
    await file.write(superblock(layout.end, root), 0);
  });
}

interface Layout {
  end: number;
}

function writerTo(file: PositionedWriter, layout: Layout): Hdf5Writer {
  return {
    array: async (name, type, shape, data) => {
      const expected = shape.reduce((product, size) => product * size, 1) * sizeOfType(type);
      if (data.byteLength !== expected) {
        throw new DataError(`the array has ${data.byteLength} bytes`, {
          where: name,
          expected: `${expected} bytes for the shape [${shape.join(", ")}]`,
          remedy: "give as many values as the shape says",
        });
      }
      const address = await put(file, layout, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return { name, address: await put(file, layout, datasetHeader(type, shape, address, data.byteLength)) };
    },
    group: async (name, children, attributes = []) => ({
      name,
      address: await put(file, layout, groupHeader(children, attributes)),
    }),
  };
}

async function put(file: PositionedWriter, layout: Layout, bytes: Uint8Array): Promise<number> {
  const address = Math.ceil(layout.end / 8) * 8;
  await file.write(bytes, address);
  layout.end = address + bytes.byteLength;
  return address;
}
