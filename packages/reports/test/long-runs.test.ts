import { expect, test } from "vitest";
import { groupRuns, readRun } from "../src/index.js";
import { groupCurve } from "../src/runs/summary.js";
import { extremes, temporaryFolder, writeRun } from "./runs.js";

test("a curve of many steps shows 400 of them, the first and the last included", async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => JSON.stringify({ phase: "train", step: i + 1, loss: 2 * i }));
  const folder = await writeRun(await temporaryFolder(), { files: { "metrics.jsonl": `${lines.join("\n")}\n` } });
  const [group] = groupRuns([await readRun(folder, "run")]);
  const points = groupCurve(group!, "train", "loss", extremes);
  expect(points).toHaveLength(400);
  expect([points[0], points.at(-1)].map((point) => point?.step)).toEqual([1, 3000]);
  const gaps = points.slice(1).map(({ step }, i) => step - points[i]!.step);
  expect(new Set(gaps)).toEqual(new Set([7, 8]));
  for (const { step, centre } of points) expect(centre).toBe(2 * (step - 1));
});

test("the result of a run that is trained on is left out until it ends, and the reader is told", async () => {
  const read = async (updates: number) =>
    readRun(
      await writeRun(await temporaryFolder(), {
        options: { updates: 3000 },
        files: { "result.json": JSON.stringify({ trained: { updates }, evaluation: { mean: 1 } }) },
      }),
      "run",
    );
  const [before, after] = [await read(1000), await read(3000)];
  expect(before.result).toBeUndefined();
  expect(before.notes).toEqual([expect.stringMatching(/result\.json is left out: it is of 1000 updates/)]);
  expect(after.result?.evaluation?.mean).toBe(1);
  expect(after.notes).toEqual([]);
});
