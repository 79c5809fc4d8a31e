import { join } from "node:path";
import { expect, test } from "vitest";
import { taskCharts } from "../src/charts/over-tasks.js";
import { groupRuns, readRun } from "../src/index.js";
import { byHand, extremes, temporaryFolder, writeRun } from "./runs.js";

interface Scored {
  readonly algorithm: string;
  readonly dataset: string;
  readonly seed: number;
  readonly score: number;
}

async function sectionOf(runs: readonly Scored[]) {
  const folder = await temporaryFolder();
  const records = await Promise.all(
    runs.map(async ({ algorithm, dataset, seed, score }, at) => {
      const config = {
        seed,
        dataset: { type: "jsonl", path: `/data/${dataset}.jsonl` },
        algorithm: { type: algorithm },
      };
      const result = { dataset: { name: dataset }, evaluation: { mean: 0, normalisedScore: score } };
      const files = { "config.json": JSON.stringify(config), "result.json": JSON.stringify(result) };
      return readRun(await writeRun(join(folder, `run-${at}`), { files }), `run-${at}`);
    }),
  );
  return taskCharts(groupRuns(records), extremes, byHand);
}

const run = (algorithm: string, dataset: string, score: number, seed = 0): Scored => ({
  algorithm,
  dataset,
  seed,
  score,
});

test("over datasets: scores, the probability of improvement on the first, and the share of runs above each level", async () => {
  const section = await sectionOf([
    run("naive", "hop", 10),
    run("naive", "run", 30),
    run("mopo", "hop", 20),
    run("mopo", "run", 25),
  ]);
  expect(section!.tables![0]!.rows).toEqual([
    ["naive", 1, 20, 10, 30],
    ["mopo", 1, 22.5, 20, 25, 0.5, undefined, undefined],
  ]);
  const [profiles] = section!.charts;
  const share = (label: string, level: number) =>
    profiles!.table.rows.find(([line, at]) => line === label && at === level)?.[2];
  // 41 levels from 10 to 30: all of mopo's runs are above 15, half of naive's.
  expect([share("mopo", 15), share("naive", 15), share("naive", 10), share("mopo", 30)]).toEqual([1, 0.5, 0.5, 0]);
});

test("over datasets: what was not measured equally often on each is named, and left out", async () => {
  const section = await sectionOf([
    run("naive", "hop", 10),
    run("naive", "run", 30),
    run("mopo", "hop", 20),
    run("combo", "hop", 20),
    run("combo", "run", 20),
    run("combo", "run", 22, 1),
  ]);
  expect(section!.tables![0]!.rows).toHaveLength(1);
  expect(section!.notes).toEqual(["Not measured equally often on every dataset, and left out: mopo; combo."]);
});

test("over datasets: nothing of one dataset alone", async () => {
  expect(await sectionOf([run("naive", "hop", 10), run("mopo", "hop", 20)])).toBeUndefined();
});
