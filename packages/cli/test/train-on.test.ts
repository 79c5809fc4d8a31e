import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { circleEpisode, common, mopo } from "./circle-runs.js";
import { cli } from "./helpers.js";

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-train-on-"));
  await writeD4rl(
    at("data.hdf5"),
    Array.from({ length: 4 }, (_, seed) => circleEpisode(seed)),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const updates = (count: number): string => `--algorithm.updates=${count}`;
const offline = (name: string, algorithm: string): readonly string[] => [
  ...common(at("data.hdf5"), at(name)),
  `--algorithm=${algorithm}`,
  "--algorithm.batchSize=16",
  "--algorithm.checkpointEvery=10",
];

/** What a run ends with, checksums of the policy's tensors and all figures, without what depends on the clock. */
async function endOf(name: string): Promise<unknown> {
  const { trained, evaluation, imagined } = JSON.parse(await readFile(join(at(name), "result.json"), "utf8"));
  const last = JSON.parse(await readFile(join(at(name), "checkpoints/train/last.json"), "utf8"));
  const rows = (await readFile(join(at(name), "metrics.jsonl"), "utf8")).replaceAll(/"time":[\d.]+,/g, "").split("\n");
  // The model is fitted once for both.
  return { trained, evaluation, imagined, last, rows: rows.filter((row) => row.includes('"phase":"train"')) };
}

/** Return of the policy that a run ends with. */
const returnOf = async (name: string): Promise<number> =>
  JSON.parse(await readFile(join(at(name), "result.json"), "utf8")).evaluation.mean;

describe("a finished run, resumed with more updates", () => {
  test.each([
    ["mopo", (name: string) => mopo(at("data.hdf5"), at(name), 0.5)],
    ["td3-bc", (name: string) => offline(name, "td3-bc")],
    ["behaviour-cloning", (name: string) => offline(name, "behaviour-cloning")],
  ])(
    "%s ends as one that was asked for so many from the start",
    async (algorithm, flagsOf) => {
      const [on, whole] = [`${algorithm}-on`, `${algorithm}-whole`];
      expect(await cli(...flagsOf(on), updates(30))).toMatchObject({ code: 0, err: "" });
      expect(await cli("train", "--resume", at(on), updates(60), "--quiet")).toMatchObject({ code: 0, err: "" });
      expect(await cli(...flagsOf(whole), updates(60))).toMatchObject({ code: 0, err: "" });
      expect(await endOf(on)).toEqual(await endOf(whole));
      expect((await cli("train", "--resume", at(on), updates(50), "--quiet")).err).toContain(
        "algorithm.updates: 60 -> 50",
      );
    },
    120_000,
  );

  test("goes on with another engine, up to rounding, and says so", async () => {
    const flags = offline("moved", "behaviour-cloning");
    expect(await cli(...flags, updates(20))).toMatchObject({ code: 0, err: "" });
    const moved = [...flags.filter((flag) => !flag.startsWith("--engine")), "--engine=cpu"];
    expect(await cli(...moved, updates(40))).toMatchObject({ code: 0, err: "" });
    expect(await readFile(join(at("moved"), "notes.log"), "utf8")).toContain('engine.type: "onnx" -> "cpu"');
    expect(await cli(...offline("stayed", "behaviour-cloning"), updates(40))).toMatchObject({ code: 0, err: "" });
    const [there, here] = await Promise.all(["moved", "stayed"].map(returnOf));
    expect(there).toBeCloseTo(here!, 2);
  }, 120_000);

  test("goes on with another engine in the model that it was fitted with", async () => {
    const flags = mopo(at("data.hdf5"), at("engines/mopo"), 0.5);
    const modelRows = async () =>
      (await readFile(join(at("engines/mopo"), "metrics.jsonl"), "utf8")).match(/"phase":"dynamics"/g)?.length;
    expect(await cli(...flags, updates(20))).toMatchObject({ code: 0, err: "" });
    const before = [await readdir(at("engines/fitted")), await modelRows()];
    for (const more of [40, 60]) {
      const moved = [...flags.filter((flag) => !flag.startsWith("--engine")), "--engine=cpu"];
      expect(await cli(...moved, updates(more))).toMatchObject({ code: 0, err: "" });
      expect([await readdir(at("engines/fitted")), await modelRows()]).toEqual(before);
    }
  }, 120_000);

  test("is refused where step sizes fall until the last update", async () => {
    const scheduled = [...mopo(at("data.hdf5"), at("cosine"), 0.5), "--optimiser.actorSchedule=cosine"];
    expect(await cli(...scheduled)).toMatchObject({ code: 0, err: "" });
    expect((await cli("train", "--resume", at("cosine"), updates(60), "--quiet")).err).toContain(
      "algorithm.updates: 40 -> 60",
    );
    expect(await cli(...offline("iql", "iql"), updates(20))).toMatchObject({ code: 0, err: "" });
    expect((await cli("train", "--resume", at("iql"), updates(30), "--quiet")).err).toContain("updates: 20 -> 30");
  }, 120_000);
});
