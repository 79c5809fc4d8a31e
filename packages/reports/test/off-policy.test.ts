import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRun, writeReport } from "../src/index.js";
import { extremes, ope, temporaryFolder, writeRun } from "./runs.js";

async function page(...files: readonly (string | undefined)[]) {
  const folder = await temporaryFolder();
  const runs = files.map(async (text, i) => {
    const directory = await writeRun(join(folder, `run-${i}`), { seed: i, files: { "ope.json": text ?? null } });
    return readRun(directory, `run-${i}`);
  });
  const written = await writeReport(await Promise.all(runs), { output: folder, summariser: extremes });
  const ids = written.charts.flatMap((file) => /(ope-.*)\.svg$/.exec(file)?.[1] ?? []);
  return { html: await readFile(written.page, "utf8"), ids, notes: written.notes };
}

/** Cells of a table, row by row, `columns` each. */
function rowsOf(html: string, caption: string, columns: number): readonly (readonly string[])[] {
  const from = html.indexOf(caption);
  const cells = [...html.slice(from, html.indexOf("</table>", from)).matchAll(/<td[^>]*>([^<]*)<\/td>/g)];
  const texts = cells.map(([, text]) => text!);
  return Array.from({ length: texts.length / columns }, (_, row) => texts.slice(row * columns, (row + 1) * columns));
}

test("shows estimates with intervals by rank, the choice of each method, and true returns beside them", async () => {
  const { html, ids } = await page(ope());
  expect(ids).toEqual(["ope-estimates", "ope-truth"]);
  expect(html).toContain(
    "fqe chooses b · last of 2. Against the true returns of 2, which it did not see: rank correlation −1, return lost by the choice 30.",
  );
  expect(rowsOf(html, "Numbers: Estimated return of each policy", 5)).toEqual([
    ["b · last", "fqe", "12.5", "10", "15"],
    ["a · last", "fqe", "7.5", "5", "10"],
  ]);
  expect(rowsOf(html, "Numbers: True return of the same policies", 5).map((row) => row.slice(0, 3))).toEqual([
    ["b · last", "true return", "70"],
    ["a · last", "true return", "100"],
  ]);
  expect(rowsOf(html, "Table: Off-policy evaluation", 8)).toEqual([
    ["b · last", "fqe", "1", "12.5", "10", "15", "–", "70"],
    ["b · last", "wis", "–", "–", "–", "–", "–", "70"],
    ["a · last", "fqe", "2", "7.5", "5", "10", "–", "100"],
    ["a · last", "wis", "–", "–", "–", "–", "–", "100"],
  ]);
  const remarks = [...html.matchAll(/<p class="absent">((?:fqe|wis)[^<]*)</g)].map(([, text]) => text);
  expect(remarks).toEqual(["fqe: few copies", "wis refused: the policy gives no log-probability of actions"]);
});

test("does not lay the return lost by one policy to a chosen one whose true return is not known", async () => {
  const { html } = await page(ope({ unknown: "c" }));
  expect(html).toContain(
    "fqe chooses c · last of 3. Against the true returns of 2, which it did not see: rank correlation −1, " +
      "return lost by choosing b · last of those 30.",
  );
});

test("a comparison that lies in several runs is shown once; another one beside it has charts of its own", async () => {
  expect((await page(ope(), ope())).ids).toEqual(["ope-estimates", "ope-truth"]);
  const { html, ids } = await page(ope(), ope(), ope({ discount: 0.5, truths: false }));
  expect(ids).toEqual(["ope-estimates-1", "ope-truth-1", "ope-estimates-2"]);
  expect(html).toContain("run-2: fqe chooses b · last of 2.");
  expect(html).toContain("return discounted by 0.5");
});

test("is absent without an ope.json, and a torn one is named", async () => {
  const { html, notes } = await page(undefined, '{"policies": [');
  expect(html).not.toContain('id="ope"');
  expect(notes).toEqual(["run-1: ope.json is torn: it is not whole JSON, and is left out"]);
});
