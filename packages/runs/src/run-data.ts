import { join } from "node:path";
import { DataError, FileError } from "@lowerbound/core";
import { z } from "zod";
import { readIfThere, writeAtomically } from "./files.js";

const FILE = "data.json";
const Data = z.object({ fingerprint: z.string() });

/** Write down which data a run learns from, or check that it is what was written. @throws DataError; FileError */
export async function openData(directory: string, fingerprint: string): Promise<void> {
  await checkData(directory, fingerprint);
  await writeAtomically(join(directory, FILE), `${JSON.stringify({ fingerprint }, null, 2)}\n`);
}

/** Refuse data that a run did not learn from; runs of earlier versions do not say. @throws DataError; FileError */
export async function checkData(directory: string, fingerprint: string): Promise<void> {
  const path = join(directory, FILE);
  const learntFrom = await readFingerprint(path);
  if (learntFrom === undefined || learntFrom === fingerprint) return;
  throw new DataError(
    `the run there learnt from other data, ${short(learntFrom)}; the data is now ${short(fingerprint)}`,
    {
      where: path,
      expected: "the data that the run was started with, read as it was",
      remedy: "put the data back as it was, or train in another directory",
    },
  );
}

const short = (fingerprint: string): string => `SHA-256 ${fingerprint.slice(0, 16)}`;

async function readFingerprint(path: string): Promise<string | undefined> {
  const text = (await readIfThere(path))?.toString("utf8");
  if (text === undefined) return undefined;
  try {
    return Data.parse(JSON.parse(text)).fingerprint;
  } catch (cause) {
    throw new FileError("not a fingerprint of data", {
      where: path,
      remedy: "restore the file, or choose another directory",
      cause,
    });
  }
}
