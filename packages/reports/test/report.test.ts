import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "@lowerbound/core";
import { expect, test } from "vitest";
import { readRun, runNames, writeReport } from "../src/index.js";
import {
  calibration,
  certificateOf,
  certificates,
  extremes,
  type RunFiles,
  resultOf,
  temporaryFolder,
  writeRun,
} from "./runs.js";

async function report(...runs: readonly RunFiles[]) {
  const folder = await temporaryFolder();
  const directories = await Promise.all(runs.map((run, at) => writeRun(join(folder, `run-${at}`), run)));
  const names = runNames(directories);
  const records = await Promise.all(directories.map((directory, at) => readRun(directory, names[at]!)));
  const output = join(folder, "report");
  const written = await writeReport(records, { output, summariser: extremes });
  return {
    written,
    output,
    html: await readFile(written.page, "utf8"),
    files: await readdir(join(output, "charts")).catch(() => []),
  };
}

const cells = (html: string): readonly string[] =>
  [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text!);

test("a return in the model that diverged is said, and takes nothing else away", async () => {
  const diverged = (returns: readonly (number | null)[]) => ({
    "result.json": JSON.stringify({ ...resultOf(0), imagined: { returns, mean: null } }),
  });
  const one = await report({ files: diverged([500, null]) });
  expect(one.written.notes.join()).not.toContain("result.json");
  expect(one.files).toContain("model-against-truth.svg");
  expect(one.html).toContain("not drawn: 1 of 2, in which the model diverged");
  expect(cells(one.html).filter((cell) => cell === "diverged")).toHaveLength(2);
  const two = await report({ files: diverged([null, null]) }, { seed: 1 });
  expect(cells(two.html)).toContain("diverged in 1 of 2 runs");
});

test("every chart is written as SVG and PNG, named and described", async () => {
  const { output, files, html } = await report({ files: { "calibration.json": calibration } }, { seed: 1 });
  const ids = files.filter((name) => name.endsWith(".svg")).map((name) => name.slice(0, -4));
  expect(ids).toEqual([
    "along-open-loop",
    "along-visits",
    "figure-own-figure",
    "final-returns",
    "interval-coverage",
    "k-step-error",
    "learning-curves",
    "model-against-truth",
    "model-fit",
    "model-reward",
    "penalty",
    "q-data-model",
    "q-gap",
    "q-target",
    "reliability",
    "reshaped-reward",
    "rollout-terminations",
  ]);
  for (const id of ids) {
    const svg = await readFile(join(output, "charts", `${id}.svg`), "utf8");
    expect(svg, id).toMatch(/^<svg [^>]*role="img" aria-labelledby="[\w-]+-title [\w-]+-desc"><title [^>]*>\S/);
    expect(svg, id).toContain("prefers-color-scheme:dark");
    expect(svg, id).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain(`id="chart-${id}"`);
    const png = await readFile(join(output, "charts", `${id}.png`)).catch(() => undefined);
    if (png !== undefined) expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  }
});

test("seeds of a configuration are put together, and numbers are those of the files", async () => {
  const { html } = await report({ seed: 0 }, { seed: 2 }, { algorithm: "cloning" });
  const results = cells(html.slice(html.indexOf('id="results"'), html.indexOf("Every run")));
  expect(results).toEqual([
    ...["mopo", "log", "250", "2", "402", "401", "403", "510", "40.1"],
    ...["cloning", "log", "250", "1", "401", "–", "–", "510", "40.1"],
  ]);
  const curve = cells(html.slice(html.indexOf("Numbers: True return along training")));
  expect(curve.slice(0, 12)).toEqual([
    "mopo",
    "100",
    "110",
    "100",
    "120",
    "2",
    "mopo",
    "200",
    "210",
    "200",
    "220",
    "2",
  ]);
});

test("labels name what tells configurations apart", async () => {
  const { html } = await report({ options: { penaltyCoefficient: 0 } }, { options: { penaltyCoefficient: 2.5 } });
  expect(html).toContain("mopo · penaltyCoefficient 0<");
  expect(html).toContain("mopo · penaltyCoefficient 2.5<");
});

test("the calibration is shown", async () => {
  const { html } = await report({ files: { "calibration.json": calibration } });
  expect(cells(html)).toContain("87.5");
  expect(html).toContain("Not measured: bellman-inconsistency on visits: there is no critic");
});

const tableAfter = (html: string, column: string): string => {
  const from = html.indexOf(`>${column}</th>`);
  return html.slice(from, html.indexOf("</table>", from));
};

test("the model's error is shown, whole and by dimension, with saturation and humps", async () => {
  const { html } = await report({ files: { "calibration.json": calibration } });
  expect(cells(tableAfter(html, "error / spread of the changes"))).toEqual([
    ...["run-0", "rows that no member was trained on", "90", "0.25", "12.5", "0"],
  ]);
  expect(cells(tableAfter(html, "dimension"))).toEqual([
    ...["run-0", "observation 0", "0.50", "4", "0.125", "0.5", "2", "no"],
    ...["run-0", "reward", "0.75", "0", "–", "–", "–", "–"],
  ]);
});

const certificateIn = (html: string): string =>
  html.slice(html.indexOf('<section id="certificate"'), html.indexOf('<section id="others"'));

test("a certificate is shown: its bound, its parts, the truth beside it, and what is assumed", async () => {
  const file = certificates(
    certificateOf(),
    certificateOf({ penalty: { ...certificateOf().penalty, type: "density" } }),
  );
  const { html, files } = await report({ files: { "certificate.json": file } });
  const section = certificateIn(html);
  expect(section).toContain(
    "max-aleatoric: if every assumption below holds, the return discounted by 0.99 is at least −1,235.",
  );
  expect(cells(section)).toEqual(
    expect.arrayContaining(["density", "conditional", "−1,235", "1,430", "33", "93", "81"]),
  );
  expect(cells(section)).toEqual(
    expect.arrayContaining(["u &gt;= error", "not seen to fail", "held at 93.0 % of 400 rows"]),
  );
  expect(files).toEqual(expect.arrayContaining(["certificate.svg", "certificate-gain.svg"]));
  expect(section).not.toContain("vacuous");
});

test("a void certificate is shown without a bound and with the reason; one that says nothing is called vacuous", async () => {
  const reasons = ["u >= error: held at 10.0 % of 400 rows"];
  const broken = certificateOf({ standing: "void", bound: null, reasons, truth: null });
  const empty = certificateOf({ bound: { ...certificateOf().bound!, vacuous: true } });
  const { html } = await report({ files: { "certificate.json": certificates(broken) } });
  expect(certificateIn(html)).toContain(
    "max-aleatoric (void): there is no bound. u &gt;= error: held at 10.0 % of 400 rows.",
  );
  expect(cells(certificateIn(html))).not.toContain("lower bound of the true return");
  const { html: second } = await report({ files: { "certificate.json": certificates(empty) } });
  expect(certificateIn(second)).toContain("It is vacuous: every policy gets −2,000.");
});

test("missing and torn files are named, and the rest is shown", async () => {
  const torn =
    '{"phase":"train","step":100,"penalty":0.5}\n{"phase":"train","step":200,"penalty":1e999}\n{"phase":"train","st';
  const { html, written, files } = await report({
    files: {
      "config.json": null,
      "result.json": '{"dataset": {',
      "metrics.jsonl": torn,
      "calibration.json": '{"penalties": 3}',
    },
  });
  expect(written.notes).toEqual([
    "run-0: config.json is missing: the run cannot be told from others by it",
    "run-0: metrics.jsonl: 1 of 3 lines are torn, and are left out",
    "run-0: result.json is torn: it is not whole JSON, and is left out",
    expect.stringMatching(/^run-0: calibration.json is left out: penalties: /),
  ]);
  for (const note of written.notes) expect(html).toContain(note.replace(/^run-0: (.{20}).*$/s, "$1"));
  expect(html).toContain("No run has a true return");
  expect(files).toContain("penalty.svg");
});

test("a directory without any file still gives a page", async () => {
  const nothing = { "config.json": null, "metrics.jsonl": null, "result.json": null };
  const { html, written } = await report({ files: nothing });
  expect(written.charts).toEqual([]);
  expect(html).toContain("metrics.jsonl is missing");
});

test("text of the files cannot become markup", async () => {
  const { html, output } = await report({ algorithm: '<script>alert("x")</script>' });
  expect(html).not.toContain("<script");
  expect(await readFile(join(output, "charts", "penalty.svg"), "utf8")).not.toContain("<script");
});

test("the same files give the same bytes", async () => {
  const [first, second] = [await report({}, { seed: 1 }), await report({}, { seed: 1 })];
  expect(first.html).toBe(second.html);
});

test("a path that is no directory is refused", async () => {
  await expect(readRun("/nowhere/at/all", "x")).rejects.toThrow(FileError);
});
