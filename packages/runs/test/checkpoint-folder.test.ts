import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkpointFolder } from "../src/index.js";
import { temporaryFolder, tensorsOf } from "./helpers.js";

const checkpointOf = (step: number) => ({
  step,
  tensors: tensorsOf(step),
  data: { counter: step, state: [1, "a", null] },
});

async function folderWith(...steps: number[]) {
  const path = join(await temporaryFolder(), "train");
  const notes: string[] = [];
  const folder = checkpointFolder(path, (message) => notes.push(message));
  for (const step of steps) await folder.save(checkpointOf(step));
  return { path, folder, notes };
}

describe("checkpoints", () => {
  test("come back as they were, and the last two stay", async () => {
    const { path, folder } = await folderWith(1000, 2000, 3000);
    expect(await folder.latest()).toEqual(checkpointOf(3000));
    expect(await readdir(path)).toEqual([
      "step-000002000.json",
      "step-000002000.safetensors",
      "step-000003000.json",
      "step-000003000.safetensors",
    ]);
  });

  test("take a copy of the arrays before anything is awaited", async () => {
    const { folder } = await folderWith();
    const checkpoint = checkpointOf(5);
    const saved = folder.save(checkpoint, async () => {});
    checkpoint.tensors.weights?.data.fill(0);
    await saved;
    expect(await folder.latest()).toEqual(checkpointOf(5));
  });

  test("bytes are the same when a step is written anew", async () => {
    const { path, folder } = await folderWith(1, 2);
    const read = () => Promise.all(["json", "safetensors"].map((end) => readFile(join(path, `step-000000002.${end}`))));
    const before = await read();
    await folder.save(checkpointOf(2));
    expect(await read()).toEqual(before);
  });

  test.each(["json", "safetensors"])(
    "a .%s file cut at any byte is refused and the one before is used",
    async (end) => {
      const { path, notes } = await folderWith(1, 2);
      const file = join(path, `step-000000002.${end}`);
      const whole = await readFile(file);
      for (let length = 0; length < whole.length; length++) {
        await writeFile(file, whole.subarray(0, length));
        const fresh = checkpointFolder(path, (message) => notes.push(message));
        expect((await fresh.latest())?.step, `cut at ${length}`).toBe(1);
      }
      expect(notes).toHaveLength(whole.length);
      expect(notes[0]).toMatch(/step-000000002.json is refused: .*; the one before it is used/);
    },
  );

  test("any altered byte is refused", async () => {
    const { path, folder } = await folderWith(1, 2);
    const change = fc.tuple(fc.constantFrom("json", "safetensors"), fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([end, at, mask]) => {
        const file = join(path, `step-000000002.${end}`);
        const whole = await readFile(file);
        const altered = Buffer.from(whole);
        altered[at % whole.length]! ^= mask;
        await writeFile(file, altered);
        expect((await folder.latest())?.step).toBe(1);
        await writeFile(file, whole);
        expect((await folder.latest())?.step).toBe(2);
      }),
      { numRuns: 100 },
    );
  });

  test("tensors of one step under the manifest of another are refused, and missing ones are", async () => {
    const { path, folder } = await folderWith(1, 2);
    await writeFile(join(path, "step-000000002.safetensors"), await readFile(join(path, "step-000000001.safetensors")));
    expect((await folder.latest())?.step).toBe(1);
    await rm(join(path, "step-000000001.safetensors"));
    expect(await folder.latest()).toBeUndefined();
  });

  test("a later one that was refused goes when an earlier step is written", async () => {
    const { path, folder } = await folderWith(1, 2, 9);
    await writeFile(join(path, "step-000000009.json"), "{");
    await folder.save(checkpointOf(3));
    expect((await folder.latest())?.step).toBe(3);
    expect((await readdir(path)).filter((name) => name.includes("9"))).toEqual([]);
  });

  test("data that JSON would change are refused with their path", async () => {
    const { folder } = await folderWith();
    const bad = { step: 1, tensors: {}, data: { best: { score: Number.NEGATIVE_INFINITY } } };
    await expect(folder.save(bad)).rejects.toThrow(/data\.best\.score: JSON cannot hold -Infinity/);
  });
});

describe("kept snapshots", () => {
  test("replace the one before and leave no other file", async () => {
    const { path, folder } = await folderWith();
    await folder.keep("best", checkpointOf(10));
    await folder.keep("best", checkpointOf(20));
    await folder.keep("last", checkpointOf(30));
    expect(await folder.kept("best")).toEqual(checkpointOf(20));
    expect(await folder.kept("other")).toBeUndefined();
    expect(await readdir(path)).toHaveLength(4);
    expect(await folder.latest()).toBeUndefined();
  });

  test("have names with numbers in them, one of which may begin as another does", async () => {
    const { path, folder } = await folderWith();
    const names = ["lambda-0.5", "lambda-1", "lambda-10"];
    for (const [at, name] of names.entries()) await folder.keep(name, checkpointOf(at));
    await folder.keep("lambda-1", checkpointOf(7));
    expect(await Promise.all(names.map(folder.kept))).toEqual([checkpointOf(0), checkpointOf(7), checkpointOf(2)]);
    expect(await readdir(path)).toHaveLength(6);
  });

  test("the old one stands when a writer dies between the new tensors and the new manifest", async () => {
    const { path, folder } = await folderWith();
    await folder.keep("best", checkpointOf(10));
    const manifest = await readFile(join(path, "best.json"));
    const old = (await readdir(path)).find((name) => name.endsWith(".safetensors"))!;
    const tensors = await readFile(join(path, old));
    await folder.keep("best", checkpointOf(20));
    await writeFile(join(path, "best.json"), manifest);
    await writeFile(join(path, old), tensors);
    expect(await folder.kept("best")).toEqual(checkpointOf(10));
  });

  test("what killed writers left goes, and nothing else", async () => {
    const { path, folder } = await folderWith(1, 2);
    await folder.keep("best", checkpointOf(10));
    const before = await readdir(path);
    await writeFile(join(path, "step-000000003.safetensors.17.tmp"), "torn");
    await writeFile(join(path, "step-000000000.safetensors"), "its manifest is gone");
    await writeFile(join(path, `best-${"0".repeat(16)}.safetensors`), "no manifest names it");
    expect((await folder.clean())?.step).toBe(2);
    expect(await readdir(path)).toEqual(before);
  });
});
