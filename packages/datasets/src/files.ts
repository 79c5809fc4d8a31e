import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileError } from "@lowerbound/core";

/** What identifies a version of a file without reading it. */
export interface FileMark {
  readonly size: number;
  readonly modified: number;
}

const CAUSES: Record<string, [what: string, remedy: string]> = {
  ENOENT: ["there is no such file", "check the path; relative paths start at the working directory"],
  ENOTDIR: ["a part of this path is a regular file, not a folder", "check the path"],
  EACCES: ["no permission", "change the permissions, or choose another path"],
  EPERM: ["no permission", "change the permissions, or choose another path"],
  EISDIR: ["it is a folder", "name a file inside it"],
  ENOSPC: ["the disk is full", "free some space, or choose another disk"],
  EROFS: ["the disk is read-only", "choose another path"],
  EMFILE: ["too many files are open", "close some, or raise the limit (ulimit -n)"],
  EEXIST: ["a file of that name is in the way", "choose another path"],
};

/** Turn an error of the file system into one that says what, where and what to do. */
export function fileError(error: unknown, path: string, doing: string): FileError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [what, remedy] = CAUSES[code] ?? [error instanceof Error ? error.message : String(error), "see the cause"];
  return new FileError(`cannot ${doing}: ${what}`, { where: path, remedy, cause: error });
}

/** Size and time of a regular file. @throws FileError for what is missing, unreadable or a folder. */
export async function markFile(path: string): Promise<FileMark> {
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, "read it");
  });
  if (facts.isDirectory()) {
    throw new FileError("cannot read it: it is a folder", {
      where: path,
      expected: "a file",
      remedy: 'name a file inside it; a folder written by the minari package is read by the dataset type "minari"',
    });
  }
  return { size: facts.size, modified: facts.mtimeMs };
}

/** @throws FileError where there is something of that name */
export async function refuseExisting(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  throw new FileError("there is something of this name already", {
    where: path,
    expected: "the name of a new file or folder",
    remedy: "remove it, or choose another name",
  });
}

/** SHA-256 over the contents of files in order, hexadecimal; reads in pieces. */
export async function fingerprintFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    try {
      for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
    } catch (error) {
      throw fileError(error, path, "read it");
    }
  }
  return hash.digest("hex");
}

export interface PositionedWriter {
  /** Write all bytes at a position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
}

/**
 * Write a file that appears complete or not at all: a temporary neighbour, synced, then renamed.
 *
 * @throws FileError; nothing half-written stays behind.
 */
export async function writeAtomically(path: string, fill: (to: PositionedWriter) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, "w");
    try {
      await fill({ write: (bytes, position) => writeAll(handle, bytes, position) });
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof Error && "code" in error) throw fileError(error, path, "write it");
    throw error;
  }
}

export const writeTextAtomically = (path: string, text: string): Promise<void> =>
  writeAtomically(path, (to) => to.write(new TextEncoder().encode(text), 0));

type Handle = Awaited<ReturnType<typeof open>>;

async function writeAll(handle: Handle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(join(path, "."), "r").catch(() => undefined);
  // Some file systems cannot sync a folder; the rename itself is still atomic there.
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
