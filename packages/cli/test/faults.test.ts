import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { configFaults } from "./faults/config-faults.js";
import { columnFaults, fileFaults, logFaults } from "./faults/dataset-faults.js";
import { checkFault, filesBelow } from "./faults/fault.js";
import { smallDisk } from "./faults/full-disk.js";
import { runFaults } from "./faults/run-faults.js";
import { trainingFaults } from "./faults/training-faults.js";
import { cli, temporaryFolder, tinyRun } from "./helpers.js";

describe.each([
  ["files", fileFaults],
  ["columns", columnFaults],
  ["logs", logFaults],
  ["configurations", configFaults],
  ["runs", runFaults],
  ["trainings", trainingFaults],
])("bad %s", (_, faults) => {
  test.each(faults.map((fault) => [fault.name, fault] as const))("%s", async (_, fault) => {
    await checkFault(fault, await temporaryFolder());
  });
});

test("there are at least forty", () => {
  const all = [fileFaults, columnFaults, logFaults, configFaults, runFaults, trainingFaults].flat();
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThan(all.length - 2);
});

const DISK = 262_144;
const disk = smallDisk(DISK / 1024);
afterAll(() => disk?.unmount());

describe.skipIf(disk === undefined)("a full disk (skipped where mounting a small tmpfs is not permitted)", () => {
  const path = disk?.path ?? "";

  beforeEach(async () => {
    for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
  });

  /** Leave a given number of bytes free, on a disk that is empty but for a run. */
  async function fill(free: number): Promise<void> {
    await rm(join(path, "ballast"), { force: true });
    await writeFile(join(path, "ballast"), new Uint8Array(DISK - free).fill(1)).catch(() => {});
  }

  test.each([0, 4096, 12_288, 20_480])(
    "with %d bytes left, the run stops with one error and leaves nothing half-written",
    async (free) => {
      await fill(free);
      const directory = join(path, `run-${free}`);
      const { code, out, err } = await cli(...tinyRun(directory), "--algorithm.updates=5", "--algorithm.weights=5000");
      expect(code).toBe(1);
      expect(out).toBe("");
      expect(err).toMatch(/^error: .*lowerbound-disk-.*: cannot write: the disk is full\n {2}remedy: free some space/);
      const left = (await filesBelow(path)).filter((file) => file.includes(`run-${free}`));
      expect(left.filter((file) => /\.tmp$|result\.json$|\.safetensors$/.test(file))).toEqual([]);
    },
  );

  test("and goes on when there is space again", async () => {
    await fill(20_480);
    const argv = [...tinyRun(join(path, "again")), "--algorithm.weights=5000"];
    expect((await cli(...argv)).err).toMatch(/the disk is full/);
    await rm(join(path, "ballast"));
    expect(await cli(...argv)).toMatchObject({ code: 0, err: "" });
  });
});
