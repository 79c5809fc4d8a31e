import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { cli } from "../helpers.js";

/** One bad input: how to make it, and what the one error about it must say. */
export interface Fault {
  readonly name: string;
  /** Prepare a fresh folder; returns the command line. */
  readonly prepare: (root: string) => Promise<readonly string[]>;
  /** Where: the file and key, option or flag. What: the fault in words. */
  readonly where: RegExp;
  readonly what: RegExp;
}

/** Run a fault's command: exit code 1, one error with place and remedy, no stack, nothing half-written. */
export async function checkFault({ prepare, where, what }: Fault, root: string): Promise<void> {
  const argv = await prepare(root);
  const before = await filesBelow(root);
  const { code, out, err } = await cli(...argv);
  expect.soft(code).toBe(1);
  expect.soft(out).toBe("");
  expect.soft(err).toMatch(/^error: [^\n]+\n/);
  expect.soft(err.match(/^error: /gm)).toHaveLength(1);
  expect.soft(err).toMatch(where);
  expect.soft(err).toMatch(what);
  expect.soft(err).toMatch(/\n {2}(expected|remedy): /);
  expect.soft(err).not.toMatch(/\n {4}at |this looks like a bug/);
  await checkNothingTorn(root, before);
}

/** Files below a folder. */
export async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** What a failed command left must be whole: no temporary file, no lock, no result, no JSON that does not parse. */
async function checkNothingTorn(root: string, before: readonly string[]): Promise<void> {
  const left = (await filesBelow(root)).filter((file) => !before.includes(file));
  expect.soft(left.filter((file) => /\.tmp$|\.lock$|result\.json$/.test(file))).toEqual([]);
  for (const file of left.filter((each) => each.endsWith(".json"))) {
    expect.soft(JSON.parse(await readFile(file, "utf8")), file).toBeTypeOf("object");
  }
}
