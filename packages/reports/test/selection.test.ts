import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRun, writeReport } from "../src/index.js";
import { extremes, temporaryFolder, writeRun } from "./runs.js";
import { beta, theorem } from "./sections.js";

const fqe = {
  penaltyCoefficient: 4,
  selection: {
    rule: "fqe",
    why: "8 held-out episodes are too few for the level 0.9",
    coefficient: null,
    reason: "largest return by fitted Q evaluation",
    candidates: [
      { penaltyCoefficient: 1, score: 40, figures: { low: 30, high: 50 } },
      { penaltyCoefficient: 4, score: 60, figures: { low: 45, high: 75 } },
    ],
  },
};

async function page(...trained: readonly object[]) {
  const folder = await temporaryFolder();
  const runs = trained.map(async (each, i) => {
    const files = { "result.json": JSON.stringify({ trained: each }) };
    return readRun(await writeRun(join(folder, `run-${i}`), { seed: i, files }), `run-${i}`);
  });
  const written = await writeReport(await Promise.all(runs), { output: folder, summariser: extremes });
  const chart = written.charts.find((path) => path.endsWith("selection.svg"));
  return {
    html: await readFile(written.page, "utf8"),
    svg: chart === undefined ? undefined : await readFile(chart, "utf8"),
  };
}

/** Cells of a table, row by row, `columns` each. */
function rowsOf(html: string, caption: string, columns: number): readonly (readonly string[])[] {
  const from = html.indexOf(caption);
  const cells = [...html.slice(from, html.indexOf("</table>", from)).matchAll(/<td[^>]*>([^<]*)<\/td>/g)];
  const texts = cells.map(([, text]) => text!);
  return Array.from({ length: texts.length / columns }, (_, row) => texts.slice(row * columns, (row + 1) * columns));
}

describe("the section on the choice of lambda", () => {
  test("draws candidates in the order of lambda, the chosen one marked, and tells what scores were made of", async () => {
    const { html, svg } = await page(theorem);
    expect(html).toContain('id="selection"');
    expect(html).toContain(
      "Lambda 0.5 was chosen by the theorem&#39;s rule, one coefficient of 12.5 for all, among those that meet no more uncertainty than 20.5",
    );
    expect(rowsOf(html, "Numbers: Score of each candidate", 5).map((row) => row.slice(0, 3))).toEqual([
      ["λ 0.5", "chosen", "17.75"],
      ["λ 2", "another candidate", "−31.25"],
    ]);
    expect(rowsOf(html, "Table: Choice of lambda", 7).map((row) => row.slice(2, 5))).toEqual([
      ["0.125", "no", "no finite score"],
      ["0.500", "yes", "17.75"],
      ["2.000", "no", "−31.25"],
    ]);
    expect(html).toContain("uncertainty met");
    expect(svg).toContain("chosen");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("tells runs apart, and says why the rule is not the theorem's", async () => {
    const { html } = await page(theorem, fqe);
    expect(html).toContain("run-1: Lambda 4 was chosen by fqe (8 held-out episodes are too few for the level 0.9)");
    const rows = rowsOf(html, "Numbers: Score of each candidate", 5);
    expect(rows.map(([row]) => row)).toEqual(["run-0 · λ 0.5", "run-0 · λ 2", "run-1 · λ 1", "run-1 · λ 4"]);
    expect(rows.filter(([, kind]) => kind === "chosen").map(([row]) => row)).toEqual(["run-0 · λ 0.5", "run-1 · λ 4"]);
    expect(rows[3]!.slice(3)).toEqual(["45", "75"]);
  });

  test("is absent where lambda was given", async () => {
    const { html, svg } = await page({ updates: 400, penaltyCoefficient: 1 });
    expect(html).not.toContain('id="selection"');
    expect(svg).toBeUndefined();
  });
});

describe("the section on the choice of beta", () => {
  test("draws candidates in the order of beta, the chosen one marked", async () => {
    const terms = [[5, -31.25] as const, [0.5, 17.75] as const, [50, null] as const];
    const { html } = await page(beta(terms, 5, true));
    expect(html).toContain("Beta 5 was chosen: its critic values held-out data most above the model");
    expect(rowsOf(html, "Numbers: Conservative term of each", 5).map((row) => row.slice(0, 3))).toEqual([
      ["β 0.5", "another candidate", "17.75"],
      ["β 5", "chosen", "−31.25"],
    ]);
    expect(rowsOf(html, "Table: Choice of beta", 4).map((row) => row.slice(1))).toEqual([
      ["0.5", "no", "17.75"],
      ["5.0", "yes", "−31.25"],
      ["50.0", "no", "no finite term"],
    ]);
  });

  test("says where no candidate passes COMBO's test, and is absent where beta was given", async () => {
    const { html } = await page(beta([[1, 2]], 1, false), theorem);
    expect(html).toContain("no candidate&#39;s critic values held-out data above the model: try larger ones");
    expect((await page({ beta: 1 })).html).not.toContain('id="beta"');
  });
});
