import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { fileError } from "../file-errors.js";

/** Appends to a file piece by piece; a piece that does not fit on the disk leaves nothing behind. */
export interface Appender {
  append(piece: string | Uint8Array): void;
  /** Make everything appended durable. */
  sync(): void;
  close(): void;
}

/** Open a file for appending, made if absent. All calls @throws FileError */
export function openAppender(path: string): Appender {
  const guard = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw fileError(error, path, "write");
    }
  };
  const file = guard(() => openSync(path, "a"));
  let size = guard(() => fstatSync(file).size);
  return {
    append: (piece) =>
      guard(() => {
        const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
        try {
          for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
          size += bytes.length;
        } catch (error) {
          ftruncateSync(file, size);
          throw error;
        }
      }),
    sync: () => guard(() => fsyncSync(file)),
    close: () => guard(() => closeSync(file)),
  };
}
