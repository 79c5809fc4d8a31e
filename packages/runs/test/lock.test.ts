import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isLock, type Lock, takeLock } from "../src/lock.js";

/** What happens right before and right after a file of that path is renamed or removed. */
const meddler = vi.hoisted(() => ({ path: "", meddle: async () => {} }));

vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  const around = async (path: unknown, work: () => Promise<void>): Promise<void> => {
    const meddle = path === meddler.path ? meddler.meddle : async () => {};
    await meddle();
    await work();
    await meddle();
  };
  const rename: typeof fs.rename = (from, to) => around(from, () => fs.rename(from, to));
  const remove: typeof fs.rm = (path, options) => around(path, () => fs.rm(path, options));
  return { ...fs, rename, rm: remove };
});

async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lowerbound-lock-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const dead = (id: string) => JSON.stringify({ host: hostname(), pid: 2 ** 30, started: "", id });
const STALE = [
  ["a killed process left", dead("a")],
  ["was half-written", ""],
] as const;

test.each(STALE)("a lock that %s goes to one taker, however many ask at once", async (_, left) => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.lock");
  await writeFile(path, left);
  const taken = (await Promise.all(Array.from({ length: 24 }, () => takeLock(path)))).filter(isLock);
  expect(taken).toHaveLength(1);
  await taken[0]!.release();
  expect(await readdir(folder)).toEqual([]);
});

test.each(STALE)("a lock that %s goes to one taker, whoever else asks in the middle of it", async (_, left) => {
  const path = join(await temporaryFolder(), "a.lock");
  await writeFile(path, left);
  const taken: Lock[] = [];
  const ask = async () => {
    const result = await takeLock(path);
    if (isLock(result)) taken.push(result);
  };
  let asked = 0;
  let busy = false;
  meddler.path = path;
  meddler.meddle = async () => {
    if (busy) return;
    busy = true;
    asked++;
    await ask();
    busy = false;
  };
  await ask();
  meddler.path = "";
  expect(asked).toBe(2);
  expect(taken).toHaveLength(1);
});

test("one that a process left which was killed in the middle of taking it over is taken over all the same", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.lock");
  await writeFile(path, dead("a"));
  await writeFile(`${path}.stale.tmp`, dead("b"));
  const lock = await takeLock(path);
  expect(isLock(lock)).toBe(true);
  expect(await readdir(folder)).toEqual(["a.lock"]);
});
