import { open, stat } from "node:fs/promises";
import { extname } from "node:path";
import { ConfigError } from "@lowerbound/core";
import { fileError } from "@lowerbound/runs";

const TYPES: Readonly<Record<string, string>> = {
  ".hdf5": "d4rl-hdf5",
  ".h5": "d4rl-hdf5",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};
const HDF5 = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/** The loader for a file or folder: a folder is Minari's, HDF5 is D4RL's, the rest goes by its name. @throws FileError */
export async function datasetType(path: string): Promise<string> {
  if (await isFolder(path)) return "minari";
  const type = TYPES[extname(path).toLowerCase()] ?? ((await beginsWith(path, HDF5)) ? "d4rl-hdf5" : undefined);
  if (type !== undefined) return type;
  throw new ConfigError("the name does not say how to read the file", {
    where: path,
    expected: `a folder, or a name that ends in one of ${Object.keys(TYPES).join(", ")}`,
    remedy: 'name the loader: --dataset TYPE ("lowerbound components dataset" lists them)',
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(error, path, "read");
  }
}

async function beginsWith(path: string, bytes: Buffer): Promise<boolean> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes.length), 0, bytes.length, 0);
      return bytesRead === bytes.length && buffer.equals(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path, "read");
  }
}
