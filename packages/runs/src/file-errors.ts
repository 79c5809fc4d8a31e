import { FileError } from "@lowerbound/core";

interface Meaning {
  readonly what: string;
  readonly remedy: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: { what: "the disk is full", remedy: "free some space, or choose a folder on another disk, and start again" },
  EDQUOT: { what: "the disk quota is used up", remedy: "free some space, or choose another folder, and start again" },
  EACCES: { what: "permission denied", remedy: "choose a folder that you may write to, or change its permissions" },
  EPERM: {
    what: "operation not permitted",
    remedy: "choose a folder that you may write to, or change its permissions",
  },
  EROFS: { what: "the file system is read-only", remedy: "choose a folder on a file system that can be written" },
  ENOTDIR: { what: "a part of the path is a regular file", remedy: "choose a path whose folders are folders" },
  EEXIST: { what: "a file stands where a folder is needed", remedy: "choose another path, or move that file" },
  EISDIR: { what: "a folder stands where a file is needed", remedy: "choose another path, or move that folder" },
  ENOENT: { what: "no such file or folder", remedy: "check the path" },
  ENAMETOOLONG: { what: "the path is too long", remedy: "choose a shorter path" },
  EMFILE: { what: "too many open files", remedy: "raise the limit (ulimit -n), or run fewer at once" },
  EIO: { what: "the device failed", remedy: "check the disk, then start again" },
};

/** The system's code of a failed file operation, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A failed file operation as a FileError with its path and a remedy; errors of the library pass unchanged. */
export function fileError(error: unknown, path: string, action: "read" | "write"): Error {
  if (error instanceof FileError) return error;
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const meaning = MEANINGS[code] ?? { what: code, remedy: "check the path and the disk, then start again" };
  return new FileError(`cannot ${action}: ${meaning.what}`, { where: path, remedy: meaning.remedy, cause: error });
}
