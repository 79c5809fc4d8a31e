import { open } from "node:fs/promises";
import { FileError } from "@lowerbound/core";
import { fileError, markFile } from "../files.js";

const SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
const NEEDED = 64;

/**
 * Look at the first bytes of a file: is it HDF5, and is all of it there?
 *
 * Source: HDF5 File Format Specification 3.0, II.A. A signature behind a user block is left to the library.
 * @throws FileError for a missing file, a folder, another format, or a file cut short.
 */
export async function checkSuperblock(path: string): Promise<void> {
  const { size } = await markFile(path);
  const head = await readHead(path);
  if (size === 0) throw notHdf5(path, "the file is empty");
  if (!head.subarray(0, 8).equals(SIGNATURE.subarray(0, Math.min(8, size)))) {
    if (size > 512 && (await hasUserBlock(path, size))) return;
    throw notHdf5(path, "this is not an HDF5 file");
  }
  const stated = size < NEEDED ? NEEDED : statedEnd(head);
  if (stated !== undefined && size < stated) {
    throw new FileError(`the file is cut short: ${size} bytes of ${size < NEEDED ? "an unknown number" : stated}`, {
      where: path,
      expected: "a complete HDF5 file",
      remedy: "copy or download it again",
    });
  }
}

function statedEnd(head: Buffer): number | undefined {
  const version = head[8]!;
  if (version <= 1 && head[13] === 8) return Number(head.readBigUInt64LE(version === 0 ? 40 : 44));
  if ((version === 2 || version === 3) && head[9] === 8) return Number(head.readBigUInt64LE(28));
  return undefined;
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, "r");
    try {
      const head = Buffer.alloc(NEEDED);
      await handle.read(head, 0, NEEDED, 0);
      return head;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, path, "read it");
  }
}

async function hasUserBlock(path: string, size: number): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const found = Buffer.alloc(8);
    for (let at = 512; at + 8 <= size; at *= 2) {
      await handle.read(found, 0, 8, at);
      if (found.equals(SIGNATURE)) return true;
    }
    return false;
  } finally {
    await handle.close();
  }
}

const notHdf5 = (path: string, what: string) =>
  new FileError(what, {
    where: path,
    expected: "an HDF5 file (D4RL or Minari layout)",
    remedy: 'check the path; JSON Lines and Parquet are read by the dataset types "jsonl" and "parquet"',
  });
