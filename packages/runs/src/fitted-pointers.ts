import { join } from "node:path";
import { FileError } from "@lowerbound/core";
import { z } from "zod";
import { readIfThere, writeAtomically } from "./files.js";

const FILE = "fitted.json";
const Pointers = z.record(z.string(), z.string());

/** The address of each fitted part that a run uses, by phase. @throws FileError if the file was altered */
export async function readPointers(directory: string): Promise<Record<string, string>> {
  const path = join(directory, FILE);
  const text = (await readIfThere(path))?.toString("utf8");
  if (text === undefined) return {};
  try {
    return Pointers.parse(JSON.parse(text));
  } catch (cause) {
    throw new FileError("not a list of fitted parts", {
      where: path,
      remedy: "delete the file; it is written anew",
      cause,
    });
  }
}

/** @throws FileError */
export async function writePointers(directory: string, pointers: Readonly<Record<string, string>>): Promise<void> {
  await writeAtomically(join(directory, FILE), `${JSON.stringify(pointers, null, 2)}\n`);
}
