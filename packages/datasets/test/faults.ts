import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, LowerboundError } from "@lowerbound/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ElementType } from "../src/hdf5/write/messages.js";
import { type ArrayData, writeHdf5 } from "../src/hdf5/write/write-file.js";
import { toTransitions } from "../src/index.js";
import { collect, fixture, temporaryFolder } from "./helpers.js";

export type Key = readonly [type: ElementType, shape: readonly number[], data: ArrayData];
export type Keys = Readonly<Record<string, Key>>;

export const floats = (shape: readonly number[], change: (all: Float32Array) => void = () => undefined): Key => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5);
  change(data);
  return ["float32", shape, data];
};
export const flags = (rows: number, ...set: number[]): Key => [
  "boolean",
  [rows],
  Uint8Array.from({ length: rows }, (_, row) => (set.includes(row) ? 1 : 0)),
];
export const text = (value: string): Key => [{ text: value.length }, [], new TextEncoder().encode(value)];

const good: Keys = {
  observations: floats([6, 3]),
  actions: floats([6, 2]),
  rewards: floats([6]),
  terminals: flags(6, 2),
  timeouts: flags(6, 5),
  next_observations: floats([6, 3]),
};

export async function d4rlFile(changes: Readonly<Record<string, Key | undefined>>): Promise<string> {
  const path = join(await temporaryFolder(), "data.hdf5");
  await writeHdf5(path, async (file) => {
    const children = [];
    for (const [name, key] of Object.entries({ ...good, ...changes })) {
      if (key !== undefined) children.push(await file.array(name, ...key));
    }
    return children;
  });
  return path;
}

export async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

export async function cutD4rl(bytes: (size: number) => number): Promise<string> {
  const whole = await readFile(fixture("d4rl.hdf5"));
  return fileOf("cut.hdf5", whole.subarray(0, bytes(whole.length)));
}

/** All that can be asked of a dataset must fail with the one error. */
export async function failures(dataset: Dataset): Promise<unknown[]> {
  const caught = (error: unknown) => error;
  return Promise.all([
    dataset.transitions().then(() => undefined, caught),
    collect(dataset).then(() => undefined, caught),
    toTransitions(dataset, "d4rl").then(() => undefined, caught),
  ]);
}

export type Case = readonly [name: string, open: () => Promise<Dataset>, kind: typeof LowerboundError, says: RegExp];

/** Run a table of cases: each fails with one error that says what, where and the remedy, and nothing is printed. */
export function describeFaults(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    afterEach(() => vi.restoreAllMocks());

    it.each(cases)("%s", async (_name, open, kind, says) => {
      const printed = [vi.spyOn(console, "error"), vi.spyOn(process.stderr, "write")];
      for (const error of await failures(await open())) {
        expect(error).toBeInstanceOf(kind);
        if (!(error instanceof LowerboundError)) throw error;
        expect(error.message).toMatch(says);
        expect(error.where, "where").toBeTruthy();
        expect(error.remedy, "remedy").toBeTruthy();
      }
      for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    });
  });
}
