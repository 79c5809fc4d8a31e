import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRun, writeReport } from "../src/index.js";
import { extremes, temporaryFolder, writeRun } from "./runs.js";

const bin = (from: number, to: number, rows: number, meanPenalty: number, meanError: number) => ({
  ...{ from, to, rows, meanPenalty, meanError },
  lowerQuartile: meanError / 2,
  upperQuartile: 2 * meanError,
});
// Rows of unlike number: their mean u is (3 x 1 + 1 x 5) / 4 = 2, their mean error (3 x 2 + 1 x 10) / 4 = 4.
const along = [bin(1, 3, 3, 1, 2), bin(4, 6, 1, 5, 10)];
const visits = { type: "density", on: "visits", along };
const heldOut = { type: "density", on: "held-out", along: [bin(1, 1, 2, 8, 4)] };

async function page(...penalties: readonly (readonly object[])[]) {
  const folder = await temporaryFolder();
  const runs = penalties.map(async (each, i) => {
    const files = { "calibration.json": JSON.stringify({ penalties: each }) };
    return readRun(await writeRun(join(folder, `run-${i}`), { seed: i, files }), `run-${i}`);
  });
  const { page: path, charts } = await writeReport(await Promise.all(runs), { output: folder, summariser: extremes });
  const ids = charts.flatMap((file) => /(along-.*)\.svg$/.exec(file)?.[1] ?? []);
  return { html: await readFile(path, "utf8"), ids };
}

function rowsOf(html: string, title: string): readonly (readonly string[])[] {
  const from = html.indexOf(`Numbers: ${title}`);
  const cells = [...html.slice(from, html.indexOf("</table>", from)).matchAll(/<td[^>]*>([^<]*)<\/td>/g)];
  const texts = cells.map(([, text]) => text!);
  return Array.from({ length: texts.length / 6 }, (_, row) => texts.slice(6 * row, 6 * row + 5));
}

test("u is scaled to the mean error over all rows, beside the error with its quartiles, in the middle of its steps", async () => {
  const { html, ids } = await page([visits, heldOut]);
  expect(ids).toEqual(["along-visits", "along-open-loop"]);
  expect(rowsOf(html, "Penalty and model error along the policy&#39;s episodes")).toEqual([
    ["true error of the state", "2", "2", "1", "4"],
    ["true error of the state", "5", "10", "5", "20"],
    ["density, u × 2", "2", "2", "–", "–"],
    ["density, u × 2", "5", "10", "–", "–"],
  ]);
  expect(rowsOf(html, "Penalty and model error along open-loop predictions").at(-1)).toEqual([
    ...["density, u × 0.5", "1", "4", "–", "–"],
  ]);
});

test("an error that holds the reward has a line of its own; one that u says nothing of is not scaled", async () => {
  const rewarded = { ...visits, type: "max-aleatoric", seesReward: true };
  const silent = { ...visits, type: "constant", along: [bin(1, 3, 3, 0, 2)] };
  const { html } = await page([rewarded, visits, silent]);
  const lines = rowsOf(html, "Penalty and model error along the policy&#39;s episodes").map(([line]) => line);
  expect([...new Set(lines)]).toEqual([
    "true error of the state",
    "true error of state and reward",
    "max-aleatoric, u × 2",
    "density, u × 2",
    "constant, u × 1",
  ]);
});

test("runs have charts of their own; there is no section without figures along rollouts", async () => {
  expect((await page([visits], [heldOut])).ids).toEqual(["along-visits-1", "along-open-loop-2"]);
  const { html } = await page([{ type: "density", on: "visits" }]);
  expect(html).not.toContain('id="along"');
});
