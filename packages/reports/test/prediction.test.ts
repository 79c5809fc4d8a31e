import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { predictionFigure, readRun, writeReport } from "../src/index.js";
import { extremes, temporaryFolder, writeRun } from "./runs.js";
import { flat, prediction } from "./sections.js";

async function page(...predictions: readonly unknown[]) {
  const folder = await temporaryFolder();
  const runs = predictions.map(async (each, i) => {
    const text = typeof each === "string" ? each : JSON.stringify(each);
    const directory = await writeRun(join(folder, `run-${i}`), { seed: i, files: { "prediction.json": text } });
    return readRun(directory, `run-${i}`);
  });
  const written = await writeReport(await Promise.all(runs), { output: folder, summariser: extremes });
  return { written, html: await readFile(written.page, "utf8") };
}

const cellsAfter = (html: string, title: string): readonly string[] => {
  const from = html.indexOf(title);
  const table = html.slice(from, html.indexOf("</table>", from));
  return [...table.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text!);
};

describe("the section on open-loop prediction", () => {
  test("draws errors by step as far as they mean something, and tells all of them in a table", async () => {
    const { html } = await page(prediction());
    const drawn = cellsAfter(html, "Numbers: Error of open-loop predictions by step");
    expect(drawn.filter((cell) => cell === "sequence, drawn")).toHaveLength(3);
    // Beyond 100 deviations a line ends, and rounding is not drawn.
    expect(drawn.filter((cell) => cell === "ensemble, mean")).toHaveLength(1);
    expect(drawn).not.toContain("the log, as logged");
    const all = cellsAfter(html, "Table: Open-loop prediction");
    expect(all).toEqual(expect.arrayContaining(["sequence, drawn", "ensemble, mean", "the log, as logged"]));
    expect(all).toEqual(expect.arrayContaining(["episodes that go on", "4", "3"]));
  });

  test("a chart a run where there are several; models of one name are told apart by their runs", async () => {
    const twins = ["runs/a", "runs/b"].map((run) => ({ ...prediction().models[0]!, run }));
    const { html, written } = await page(prediction(), prediction({ models: twins }));
    const names = written.charts.filter((path) => path.includes("prediction-") && path.endsWith(".svg"));
    expect(names).toHaveLength(2);
    expect(html).toContain("sequence, drawn (runs/a)");
    expect(html).toContain("sequence, drawn (runs/b)");
  });

  test("is absent without a prediction.json, and a torn one is named", async () => {
    const { html, written } = await page('{"models": [');
    expect(html).not.toContain('id="prediction"');
    expect(written.notes).toEqual(["run-0: prediction.json is torn: it is not whole JSON, and is left out"]);
  });
});

test("the figure alone says against what errors are, and holds no number that is none", async () => {
  const svg = await predictionFigure(prediction({ environment: null }));
  expect(svg).toContain("Against what was logged, on toy-log");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("a prediction that is far off from its first step on has no figure", async () => {
  const models = [{ name: "broken", way: "mean", run: "runs/a", errors: [flat(null), flat(1)] }];
  await expect(predictionFigure(prediction({ models }))).rejects.toThrow("no error of the prediction can be drawn");
});
