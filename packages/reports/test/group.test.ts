import { expect, test } from "vitest";
import { behaviourReturn } from "../src/charts/returns.js";
import { groupRuns, readRun } from "../src/index.js";
import { repeatedSeeds } from "../src/runs/group.js";
import { temporaryFolder, writeRun } from "./runs.js";

interface Told {
  readonly seed: number;
  readonly evaluation?: object;
  readonly path?: string;
  readonly fingerprint?: string;
  readonly share?: number;
}

const configuration = ({ seed, evaluation = {}, path = "log.jsonl", share }: Told): string =>
  JSON.stringify({
    seed,
    dataset: share === undefined ? { type: "jsonl", path } : { type: "share", share, of: { type: "jsonl", path } },
    algorithm: { type: "mopo" },
    evaluation: { type: "simulator", episodes: 10, deterministic: true, ...evaluation },
  });

/** Seeds of each group, and the groups' labels. */
async function grouped(...told: readonly Told[]) {
  const folder = await temporaryFolder();
  const runs = told.map(async (each, at) => {
    const { fingerprint } = each;
    const result = { dataset: { name: "log", path: each.path, fingerprint, returns: { mean: 10 * at } } };
    const files = {
      "config.json": configuration(each),
      "result.json": fingerprint === undefined ? null : JSON.stringify(result),
    };
    return readRun(await writeRun(`${folder}/run-${at}`, { files }), `run-${at}`);
  });
  const groups = groupRuns(await Promise.all(runs));
  return {
    groups,
    seeds: groups.map((group) => group.runs.map(({ config }) => config?.seed)),
    labels: groups.map((g) => g.label),
  };
}

test("shares of one log are one dataset, and labels say which share", async () => {
  const { labels } = await grouped(
    { seed: 0, share: 0.1, fingerprint: "10".repeat(32) },
    { seed: 0, share: 0.5, fingerprint: "50".repeat(32) },
  );
  expect(labels).toEqual(["mopo · share 0.1", "mopo · share 0.5"]);
});

test("what an evaluation measures at the end keeps runs together: seeds, threads, how often and how many at once", async () => {
  const { seeds } = await grouped(
    { seed: 0, evaluation: { seed: 3, workers: 2, every: 100 } },
    { seed: 1, evaluation: { seed: 4, workers: 0, parallel: 2 } },
    { seed: 2 },
  );
  expect(seeds).toEqual([[0, 1, 2]]);
});

test("runs that are evaluated otherwise stay apart, and labels say how", async () => {
  const { seeds, labels } = await grouped(
    { seed: 0 },
    { seed: 1, evaluation: { deterministic: false } },
    { seed: 2, evaluation: { environment: { type: "hopper" } } },
    { seed: 3, evaluation: { episodes: 100 } },
    { seed: 4 },
  );
  expect(seeds).toEqual([[0, 4], [1], [2], [3]]);
  expect(labels[1]).toContain("deterministic false");
  expect(labels[2]).toContain("environment hopper");
  expect(labels[3]).toContain("episodes 100");
});

test("the content of a log tells it from another of that name, its folder does not", async () => {
  const { seeds, labels } = await grouped(
    { seed: 0, path: "/data/a/log.jsonl", fingerprint: "aa" },
    { seed: 1, path: "a/log.jsonl", fingerprint: "aa" },
    { seed: 2, path: "/data/b/log.jsonl", fingerprint: "bb" },
  );
  expect(seeds).toEqual([[0, 1], [2]]);
  expect(new Set(labels).size).toBe(2);
});

test("logs of one name and other content are called by their folder, and share no line of the data's return", async () => {
  const [a, b, c] = [
    { seed: 0, path: "/data/a/log.jsonl", fingerprint: "aa" },
    { seed: 1, path: "/copies/log.jsonl", fingerprint: "aa" },
    { seed: 2, path: "/data/b/log.jsonl", fingerprint: "bb" },
  ];
  const apart = await grouped(a, b, c);
  expect(apart.labels).toEqual(["mopo · a/log", "mopo · b/log"]);
  expect(behaviourReturn(apart.groups)).toBeUndefined();
  const together = await grouped(a, b);
  expect(together.labels).toEqual(["mopo"]);
  expect(behaviourReturn(together.groups)).toBe(0);
  expect((await grouped(a, { ...c, path: "/data/a/log.jsonl" })).labels).toEqual(["mopo · log aa", "mopo · log bb"]);
});

test("runs of a configuration with the same seed are told", async () => {
  expect(repeatedSeeds((await grouped({ seed: 3 }, { seed: 4 }, { seed: 3 })).groups)).toEqual([
    "mopo: run-0, run-2 have the same seed, 3, and count as 2",
  ]);
  expect(repeatedSeeds((await grouped({ seed: 3 }, { seed: 4 })).groups)).toEqual([]);
});

test("a run that has not ended stays with those of its configuration, as long as they are of one log", async () => {
  const [a, b] = [{ seed: 0, fingerprint: "aa" }, { seed: 1 }];
  expect((await grouped(a, b)).seeds).toEqual([[0, 1]]);
  expect((await grouped(a, b, { seed: 2, fingerprint: "bb" })).seeds).toEqual([[0], [1], [2]]);
});
