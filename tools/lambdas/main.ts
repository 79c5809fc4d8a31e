// npm run lambdas: MOPO that chooses its coefficient without the environment, and each candidate shown in it afterwards;
// finished rows are kept, and a run that was stopped goes on where it was.
import { parseArgs } from "node:util";
import { folderOf } from "../experiments/datasets.js";
import { rowFlags } from "../experiments/flags.js";
import { keptIn } from "../experiments/kept.js";
import { engineArguments, lowerbound, outputOf } from "../experiments/lowerbound.js";
import { writeBetween } from "../experiments/page.js";
import { type Choice, choicesOf, commandsOf, evaluateArguments, trainArguments } from "./choice.js";
import { chosenIn, LambdaRow, Truth } from "./row.js";
import { lambdaTables } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...rowFlags,
    seed: { type: "string", default: "0" },
    updates: { type: "string", default: "10000" },
    rows: { type: "string", default: "docs/results/lambdas" },
    page: { type: "string", default: "docs/choosing-lambda.md" },
  },
});

const kept = keptIn(values.rows, LambdaRow);
const settings = { updates: values.updates, flags: positionals };

async function rowOf(choice: Choice): Promise<LambdaRow> {
  const chosen = await chosenIn(`${values.runs}/${choice.name}`, async (penaltyCoefficient) =>
    Truth.parse(JSON.parse(await outputOf([...evaluateArguments(choice, penaltyCoefficient, values.runs), "--json"]))),
  );
  const grid = chosen.candidates.map(({ penaltyCoefficient }) => penaltyCoefficient);
  return { ...choice, updates: Number(values.updates), ...chosen, commands: commandsOf(choice, settings, grid) };
}

for (const choice of choicesOf(values.seed).filter(({ name }) => name.includes(values.only))) {
  if (await kept.has(choice.name)) continue;
  const data = await folderOf(choice.dataset, values.data, values.runs);
  const args = trainArguments(choice, settings, { data, runs: values.runs });
  await lowerbound([...args, ...engineArguments(values.threads)]);
  await kept.save(choice.name, await rowOf(choice));
  await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
}
await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
