// npm run lambdas: MOPO under each coefficient of a grid, and under the one that it chooses without the environment;
// finished rows are kept, and a run that was stopped goes on where it was.
import { parseArgs } from "node:util";
import { folderOf } from "../experiments/datasets.js";
import { rowFlags } from "../experiments/flags.js";
import { keptIn } from "../experiments/kept.js";
import { engineArguments, lowerbound } from "../experiments/lowerbound.js";
import { writeBetween } from "../experiments/page.js";
import { readResult, returnsOf } from "../experiments/result.js";
import { argumentsOf, type Cell, cells, commandOf } from "./cells.js";
import { chosenIn, LambdaRow } from "./row.js";
import { lambdaTables } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...rowFlags,
    updates: { type: "string", default: "10000" },
    rows: { type: "string", default: "docs/results/lambdas" },
    page: { type: "string", default: "docs/choosing-lambda.md" },
  },
});

const kept = keptIn(values.rows, LambdaRow);
const settings = { updates: values.updates, flags: positionals };

async function rowOf(cell: Cell): Promise<LambdaRow> {
  const directory = `${values.runs}/${cell.name}`;
  const { name, penaltyCoefficient } = cell;
  return {
    ...(penaltyCoefficient === "auto" ? await chosenIn(directory) : { penaltyCoefficient, selection: null }),
    name,
    dataset: cell.dataset,
    updates: Number(values.updates),
    command: commandOf(cell, settings),
    ...returnsOf(await readResult(directory)),
  };
}

for (const cell of cells.filter(({ name }) => name.includes(values.only))) {
  if (await kept.has(cell.name)) continue;
  const data = await folderOf(cell.dataset, values.data, values.runs);
  await lowerbound([...argumentsOf(cell, settings, { data, runs: values.runs }), ...engineArguments(values.threads)]);
  await kept.save(cell.name, await rowOf(cell));
  await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
}
await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
