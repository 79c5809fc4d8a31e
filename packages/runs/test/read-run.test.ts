import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, RunStore } from "@lowerbound/core";
import { expect, test } from "vitest";
import { directory, readFitted, readSnapshot, snapshotNames, standard } from "../src/index.js";
import { temporaryFolder, tensorsOf } from "./helpers.js";

test("a finished run is read without opening it: its fitted parts and its checkpoints", async () => {
  const path = join(await temporaryFolder(), "run");
  const run = await createPipeline([directory, standard], {}).get(RunStore).create({ directory: path, quiet: true });
  await run.open({ seed: 0 });
  await run.fitted("dynamics", "a".repeat(64), async () => ({ tensors: tensorsOf(4), facts: { epochs: 3 } }));
  const train = run.phase("train");
  await train.checkpoint({ step: 5, tensors: tensorsOf(5), data: { n: 1 } });
  await train.keep("last", { step: 0, tensors: tensorsOf(6), data: {} });
  // The run is still open: reading asks for no lock.
  expect(await readFitted(path, "dynamics")).toEqual({ tensors: tensorsOf(4), facts: { epochs: 3 } });
  expect(await snapshotNames(path, "train")).toEqual(["last", "step-000000005"]);
  expect((await readSnapshot(path, "train", "step-000000005"))?.tensors).toEqual(tensorsOf(5));
  expect((await readSnapshot(path, "train", "last"))?.tensors).toEqual(tensorsOf(6));
  await run.close();
});

test("a run that was moved without its fitted parts says so; a fit that is not finished is none", async () => {
  const root = await temporaryFolder();
  const run = await createPipeline([directory, standard], {})
    .get(RunStore)
    .create({ directory: join(root, "a", "run"), quiet: true });
  await run.open({ seed: 0 });
  await run.fitted("dynamics", "a".repeat(64), async (handle) => {
    await handle.checkpoint({ step: 5, tensors: tensorsOf(5), data: {} });
    expect(await readFitted(join(root, "a", "run"), "dynamics")).toBeUndefined();
    return { tensors: tensorsOf(4), facts: {} };
  });
  await run.close();
  await mkdir(join(root, "b"));
  await rename(join(root, "a", "run"), join(root, "b", "run"));
  await expect(readFitted(join(root, "b", "run"), "dynamics")).rejects.toThrow(
    /fitted\/dynamics-a{16}: the run's fitted part is not there[\s\S]*remedy: move fitted\/ along/,
  );
  await rename(join(root, "a", "fitted"), join(root, "b", "fitted"));
  expect((await readFitted(join(root, "b", "run"), "dynamics"))?.tensors).toEqual(tensorsOf(4));
});

test("what is not there is undefined, or no names", async () => {
  const path = join(await temporaryFolder(), "nothing");
  expect(await readFitted(path, "dynamics")).toBeUndefined();
  expect(await snapshotNames(path, "train")).toEqual([]);
  expect(await readSnapshot(path, "train", "last")).toBeUndefined();
});
