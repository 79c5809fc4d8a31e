import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, RunStore } from "@lowerbound/core";
import { expect, test } from "vitest";
import { directory, standard } from "../src/index.js";
import { temporaryFolder } from "./helpers.js";

test("refuses other data than it learnt from; a run that does not say goes on", async () => {
  const path = join(await temporaryFolder(), "run");
  const open = async (fingerprint?: string, updates = 1) => {
    const run = await createPipeline([directory, standard], {}).get(RunStore).create({ directory: path, quiet: true });
    try {
      await run.open({ updates }, { mayGrow: ["updates"], ...(fingerprint === undefined ? {} : { fingerprint }) });
    } finally {
      await run.close();
    }
  };
  await open();
  await open("a".repeat(64));
  await open("a".repeat(64), 2);
  await expect(open("b".repeat(64), 2)).rejects.toThrow(
    /learnt from other data, SHA-256 a{16}; the data is now SHA-256 b{16}[\s\S]*remedy: put the data back as it was, or train in another directory/,
  );
  await expect(open("b".repeat(64), 3)).rejects.toThrow(/other data/);
  expect(JSON.parse(await readFile(join(path, "config.json"), "utf8"))).toEqual({ updates: 2 });
  await open("a".repeat(64), 3);
});
