import { ascii, type Field, join, u8, u16, u32, u64 } from "./bytes.js";
import { lookup3 } from "./checksum.js";

/** Types of numbers that our files hold; `boolean` is h5py's enumeration of FALSE and TRUE over bytes. */
export type ElementType = "float32" | "float64" | "int64" | "boolean" | { readonly text: number };

export const UNDEFINED_ADDRESS = 0xffffffffffffffffn;

const fixedPoint = (size: number) => join(u8(0x10, 0x08, 0, 0), u32(size), u16(0), u16(8 * size));

/** Datatype message. Source: HDF5 File Format Specification 3.0, IV.A.2.d. */
export function datatype(type: ElementType): Field {
  if (typeof type === "object") return join(u8(0x13, 0x10, 0, 0), u32(type.text));
  switch (type) {
    case "float32":
      return join(u8(0x11, 0x20, 31, 0), u32(4), u16(0), u16(32), u8(23, 8, 0, 23), u32(127));
    case "float64":
      return join(u8(0x11, 0x20, 63, 0), u32(8), u16(0), u16(64), u8(52, 11, 0, 52), u32(1023));
    case "int64":
      return fixedPoint(8);
    case "boolean":
      return join(u8(0x18, 2, 0, 0), u32(1), fixedPoint(1), ascii("FALSE\0\0\0TRUE\0\0\0\0"), u8(0, 1));
  }
}

export const sizeOfType = (type: ElementType): number =>
  typeof type === "object" ? type.text : { float32: 4, float64: 8, int64: 8, boolean: 1 }[type];

/** Dataspace message: an empty shape is a scalar. */
export const dataspace = (shape: readonly number[]): Field =>
  join(u8(2, shape.length, 0, shape.length === 0 ? 0 : 1), ...shape.map(u64));

const message = (type: number, body: Field): Field => join(u8(type), u16(body.length), u8(0), body);

/** Object header, version 2: no times, so that equal content has equal bytes. */
function objectHeader(messages: readonly Field[]): Uint8Array {
  const body = join(...messages);
  const head = join(ascii("OHDR"), u8(2, 0x02), u32(body.length), body);
  return join(head, u32(lookup3(head)));
}

export interface AttributeValue {
  readonly name: string;
  readonly value: number;
}

function attribute({ name, value }: AttributeValue): Field {
  const [type, space] = [datatype("int64"), dataspace([])];
  const head = join(u8(3, 0), u16(name.length + 1), u16(type.length), u16(space.length), u8(0), ascii(`${name}\0`));
  return message(0x0c, join(head, type, space, u64(BigInt.asUintN(64, BigInt(value)))));
}

/** Header of an array whose data lie in one piece at `address`. */
export function datasetHeader(type: ElementType, shape: readonly number[], address: number, size: number): Uint8Array {
  return objectHeader([
    message(0x01, dataspace(shape)),
    message(0x03, datatype(type)),
    message(0x05, u8(3, 0x0a)),
    message(0x08, join(u8(3, 1), u64(size === 0 ? UNDEFINED_ADDRESS : address), u64(size))),
  ]);
}

export interface Child {
  readonly name: string;
  readonly address: number;
}

/** Header of a group that holds its links itself. */
export function groupHeader(children: readonly Child[], attributes: readonly AttributeValue[]): Uint8Array {
  return objectHeader([
    message(0x02, join(u8(0, 0), u64(UNDEFINED_ADDRESS), u64(UNDEFINED_ADDRESS))),
    message(0x0a, u8(0, 0)),
    ...attributes.map(attribute),
    ...children.map(({ name, address }) => message(0x06, join(u8(1, 0, name.length), ascii(name), u64(address)))),
  ]);
}

export const SUPERBLOCK_SIZE = 48;

/** Superblock, version 2: readable from HDF5 1.8 on. */
export function superblock(endOfFile: number, root: number): Uint8Array {
  const signature = u8(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
  const head = join(signature, u8(2, 8, 8, 0), u64(0), u64(UNDEFINED_ADDRESS), u64(endOfFile), u64(root));
  return join(head, u32(lookup3(head)));
}
