// npm run experiments: makes the rows of docs/results.md one after the other; finished ones are kept, and a row that
// was stopped goes on where it was.
import { folderOf } from "./datasets.js";
import { flags } from "./flags.js";
import { engineArguments, lowerbound } from "./lowerbound.js";
import { type FinishedRow, readResult, returnsOf } from "./result.js";
import { argumentsOf, commandOf, type Row, rows } from "./rows.js";
import { finishedRows, writeTables } from "./table.js";

const values = flags();

async function finishedOf(row: Row): Promise<FinishedRow> {
  const result = await readResult(`${values.runs}/${row.name}`);
  return { ...row, command: commandOf(row), ...returnsOf(result), seconds: result.seconds };
}

for (const row of rows.filter(({ name }) => name.includes(values.only))) {
  if (await finishedRows.has(row.name)) continue;
  const data = await folderOf(row.dataset, values.data, values.runs);
  await lowerbound([...argumentsOf(row, data, values.runs), ...engineArguments(values.threads)]);
  await finishedRows.save(row.name, await finishedOf(row));
  await writeTables();
}
await writeTables();
