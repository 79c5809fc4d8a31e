import type { HostTensor, HostTensors } from "@lowerbound/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../src/index.js";

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const size = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
const tensor: fc.Arbitrary<HostTensor> = shape.chain((dims) => {
  const length = { minLength: size(dims), maxLength: size(dims) };
  return fc.oneof(
    fc.float32Array(length).map((data): HostTensor => ({ dtype: "float32", shape: dims, data })),
    fc.int32Array(length).map((data): HostTensor => ({ dtype: "int32", shape: dims, data })),
    fc.uint8Array({ ...length, max: 1 }).map((data): HostTensor => ({ dtype: "bool", shape: dims, data })),
  );
});
const name = fc
  .string({ unit: "binary" })
  .filter((text) => text !== "__metadata__" && text !== "__proto__" && Buffer.from(text).toString() === text);
const tensors = fc
  .array(fc.tuple(name, tensor), { maxLength: 6 })
  .map((entries): HostTensors => Object.fromEntries(entries));

const bits = ({ data }: HostTensor) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
const plain = (all: HostTensors) =>
  Object.entries(all)
    .map(([key, each]) => [key, each.dtype, each.shape, bits(each)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

describe("safetensors", () => {
  test("any tensors come back bit for bit", () => {
    fc.assert(
      fc.property(tensors, (all) => {
        expect(plain(decodeSafetensors(encodeSafetensors(all)).tensors)).toEqual(plain(all));
      }),
      { numRuns: 300 },
    );
  });

  test("bytes do not depend on the order of the entries, and data begins at a multiple of 8", () => {
    fc.assert(
      fc.property(tensors, (all) => {
        const bytes = encodeSafetensors(all);
        const reversed = Object.fromEntries(Object.entries(all).reverse());
        expect(encodeSafetensors(reversed)).toEqual(bytes);
        expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      }),
    );
  });

  test("bytes of a small file are those of the format", () => {
    const bytes = encodeSafetensors(
      { b: { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }, a: one },
      { k: "v" },
    );
    const text =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[4,6]}}';
    const length = Math.ceil(text.length / 8) * 8;
    expect(Buffer.from(bytes)).toEqual(
      Buffer.concat([
        Buffer.from([length, 0, 0, 0, 0, 0, 0, 0]),
        Buffer.from(text.padEnd(length)),
        Buffer.from([0, 0, 0x80, 0x3f, 1, 0]),
      ]),
    );
    expect(decodeSafetensors(bytes).metadata).toEqual({ k: "v" });
  });

  test("a file at an odd address is read as well", () => {
    const bytes = encodeSafetensors({ a: one });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSafetensors(shifted.subarray(1)).tensors.a?.data).toEqual(one.data);
  });

  test("a file cut at any byte is refused with its path", () => {
    const bytes = encodeSafetensors({ a: one, b: { dtype: "int32", shape: [2], data: Int32Array.of(1, 2) } });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), "x.safetensors")).toThrow(/^x\.safetensors: /);
    }
  });

  test.each([
    ["an unknown dtype", { a: { dtype: "F16", shape: [2], data_offsets: [0, 4] } }],
    ["a shape that disagrees with the offsets", { a: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }],
    ["a negative size", { a: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }],
    ["a gap", { a: { dtype: "BOOL", shape: [2], data_offsets: [2, 4] } }],
    [
      "an overlap",
      { a: { dtype: "F32", shape: [1], data_offsets: [0, 4] }, b: { dtype: "BOOL", shape: [4], data_offsets: [0, 4] } },
    ],
    ["bytes that no tensor takes", { a: { dtype: "BOOL", shape: [2], data_offsets: [0, 2] } }],
    [
      "metadata that are not strings",
      { __metadata__: { a: 1 }, a: { dtype: "F32", shape: [1], data_offsets: [0, 4] } },
    ],
    ["a list for a header", [1, 2]],
    ["BOOL beyond 1", { a: { dtype: "BOOL", shape: [4], data_offsets: [0, 4] } }],
  ])("%s is refused", (_, header) => {
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    const bytes = Buffer.concat([length, json, Buffer.from([0, 0, 0x80, 0x3f])]);
    expect(() => decodeSafetensors(bytes, "x")).toThrow(/^x: /);
  });

  test.each<[string, HostTensors]>([
    ["too few elements", { a: { dtype: "float32", shape: [2], data: Float32Array.of(1) } }],
    ["another array type", { a: { dtype: "int32", shape: [1], data: Float32Array.of(1) } }],
    ["a reserved name", { __metadata__: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }],
    ["a bool beyond 1", { a: { dtype: "bool", shape: [1], data: Uint8Array.of(2) } }],
  ])("%s cannot be written", (_, all) => {
    expect(() => encodeSafetensors(all)).toThrow(/cannot be written/);
  });
});

const one: HostTensor = { dtype: "float32", shape: [1], data: Float32Array.of(1) };
