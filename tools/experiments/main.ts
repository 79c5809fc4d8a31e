// npm run experiments: makes the rows of docs/results.md one after the other; finished ones are kept, and a row that
// was stopped goes on where it was.
import { existsSync } from "node:fs";
import { cp, rename } from "node:fs/promises";
import { folderOf } from "./datasets.js";
import { rowFlags } from "./flags.js";
import { engineArguments, lowerbound } from "./lowerbound.js";
import { type FinishedRow, readResult, returnsOf } from "./result.js";
import { argumentsOf, commandOf, type Row, rows, shorterOf } from "./rows.js";
import { finishedRows, writeTables } from "./table.js";

const values = rowFlags("experiments", "Make the rows of docs/results.md that are not there yet, one after the other.");

async function finishedOf(row: Row): Promise<FinishedRow> {
  const result = await readResult(`${values.runs}/${row.name}`);
  return { ...row, command: commandOf(row), ...returnsOf(result), seconds: result.seconds };
}

/** A run goes on from a copy of a finished one that differs by its number of updates alone. */
async function startedFromShorter(row: Row): Promise<void> {
  const runOf = ({ name }: Row): string => `${values.runs}/${name}`;
  if (existsSync(runOf(row))) return;
  const finished = shorterOf(row).find((each) => existsSync(`${runOf(each)}/result.json`));
  if (finished === undefined) return;
  await cp(runOf(finished), `${runOf(row)}.part`, { recursive: true });
  await rename(`${runOf(row)}.part`, runOf(row));
}

for (const row of rows.filter(({ name }) => name.includes(values.only))) {
  if (await finishedRows.has(row.name)) continue;
  const data = await folderOf(row.dataset, values.data, values.runs);
  await startedFromShorter(row);
  await lowerbound([...argumentsOf(row, data, values.runs), ...engineArguments(values.threads)]);
  await finishedRows.save(row.name, await finishedOf(row));
  await writeTables();
}
await writeTables();
