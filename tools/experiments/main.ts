// npm run experiments: makes the rows of docs/results.md one after the other; finished ones are kept, and a row that
// was stopped goes on where it was.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type FinishedRow, readResult } from "./result.js";
import { argumentsOf, fileOf, type Row, rows } from "./rows.js";
import { writeTable } from "./table.js";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "." },
    runs: { type: "string", default: "runs" },
    only: { type: "string", default: "" },
    threads: { type: "string", default: "0" },
  },
});

const resultPath = ({ name }: Row): string => `docs/results/rows/${name}.json`;

/** Run the row's command; extra arguments change how fast it is, not what it computes. */
async function train(row: Row): Promise<void> {
  const extra = ["--engine", "auto", "--engine.threads", values.threads];
  const script = ["run", "--silent", "lowerbound", "--", ...argumentsOf(row, values.data, values.runs), ...extra];
  const child = spawn("npm", script, { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`${row.name} ended with ${code}`);
}

async function finish(row: Row): Promise<void> {
  const { dataset, evaluation, imagined, seconds } = await readResult(`${values.runs}/${row.name}`);
  const finished: FinishedRow = {
    ...row,
    command: `npm run lowerbound -- ${argumentsOf(row, ".", "runs").join(" ")}`.replace(
      `./${fileOf(row)}`,
      fileOf(row),
    ),
    behaviour: dataset.returns.mean,
    modelReturn: imagined.mean,
    trueReturn: evaluation.mean,
    trueStd: evaluation.std,
    ...(evaluation.normalisedScore === undefined ? {} : { score: evaluation.normalisedScore }),
    seconds,
  };
  await writeFile(resultPath(row), `${JSON.stringify(finished, null, 2)}\n`);
}

for (const row of rows.filter(({ name }) => name.includes(values.only))) {
  if (existsSync(resultPath(row))) continue;
  await train(row);
  await finish(row);
  await writeTable();
}
await writeTable();
