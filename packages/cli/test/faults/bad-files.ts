import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
// The writer itself, below the checks of the package's own exports: these files are wrong on purpose.
import { writeHdf5 } from "../../../datasets/src/hdf5/write/write-file.js";

type Shape = readonly number[];
interface Column {
  readonly shape: Shape;
  readonly data: Float32Array | Uint8Array;
}

export const ROWS = 12;
const size = (shape: Shape) => shape.reduce((a, b) => a * b, 1);

/** A column of small numbers, the ones at given places replaced. */
export function floats(shape: Shape, replace: Readonly<Record<number, number>> = {}): Column {
  const data = Float32Array.from({ length: size(shape) }, (_, i) => replace[i] ?? Math.sin(i) / 2);
  return { shape, data };
}

export const flags = (shape: Shape, ...set: number[]): Column => ({
  shape,
  data: Uint8Array.from({ length: size(shape) }, (_, i) => (set.includes(i) ? 1 : 0)),
});

/** A sound file in D4RL's layout with some columns replaced, or left out. */
export async function d4rlFile(
  root: string,
  changes: Readonly<Record<string, Column | undefined>> = {},
): Promise<string> {
  const columns: Record<string, Column | undefined> = {
    actions: floats([ROWS, 2]),
    next_observations: floats([ROWS, 3]),
    observations: floats([ROWS, 3]),
    rewards: floats([ROWS]),
    terminals: flags([ROWS], 5),
    timeouts: flags([ROWS], ROWS - 1),
    ...changes,
  };
  const path = join(root, "data.hdf5");
  await writeHdf5(path, async (file) => {
    const children = [];
    for (const [name, column] of Object.entries(columns)) {
      if (column === undefined) continue;
      const type = column.data instanceof Float32Array ? "float32" : "boolean";
      children.push(await file.array(name, type, column.shape, column.data));
    }
    return children;
  });
  return path;
}

/** The first bytes of a file, under another name. */
export async function cut(path: string, share: number): Promise<string> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, Math.round(bytes.length * share)));
  return path;
}

/** A file with given lines. */
export async function textFile(root: string, name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(root, name);
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}
