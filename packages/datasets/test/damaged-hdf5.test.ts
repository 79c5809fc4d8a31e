import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { LowerboundError } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { cutD4rl, d4rlFile, failures, fileOf, floats, text } from "./faults.js";
import { fixture, openD4rl } from "./helpers.js";

describe("damaged HDF5", () => {
  it("gives one clear error where it is noticed, and leaves the next file readable", async () => {
    const whole = await readFile(fixture("d4rl.hdf5"));
    const intact = await openD4rl(fixture("d4rl.hdf5")).transitions();
    let refused = 0;
    for (let trial = 0; trial < 24; trial++) {
      const bytes = Buffer.from(whole);
      const at = 96 + Math.floor((trial * (whole.length - 200)) / 24);
      bytes.fill(0xa5 ^ trial, at, at + 64);
      const dataset = openD4rl(await fileOf("damaged.hdf5", bytes), { actionLow: -1e9, actionHigh: 1e9 });
      const error = await dataset.transitions().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error !== undefined) {
        refused += 1;
        expect(error).toBeInstanceOf(LowerboundError);
      }
    }
    expect(refused).toBeGreaterThan(4);
    expect(await openD4rl(fixture("d4rl.hdf5")).transitions()).toEqual(intact);
  });

  it("leaves no file open behind, whatever was wrong with it", async () => {
    const path = await d4rlFile({ rewards: text("none") });
    const cut = await cutD4rl((size) => size - 1);
    await failures(openD4rl(path));
    await failures(openD4rl(cut));
    const dataset = openD4rl(fixture("d4rl.hdf5"));
    for await (const _ of dataset.episodes()) break;
    const descriptors = await Promise.all(
      (await readdir("/proc/self/fd").catch(() => [])).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
    );
    expect(descriptors.filter((target) => target.endsWith(".hdf5"))).toEqual([]);
  });

  it("refuses a file that changed between two reads", async () => {
    const path = await d4rlFile({});
    const dataset = openD4rl(path);
    await dataset.info();
    await writeFile(path, await readFile(await d4rlFile({ rewards: floats([6], (all) => all.fill(9)) })));
    await expect(dataset.transitions()).rejects.toThrow(/changed while it was in use/);
  });
});
