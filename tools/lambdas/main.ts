// npm run lambdas: MOPO that chooses its coefficient without the environment, and each candidate shown in it afterwards;
// finished rows are kept, and a run that was stopped goes on where it was.
import { folderOf } from "../experiments/datasets.js";
import { type RowFlags, rowCommand } from "../experiments/flags.js";
import { keptIn } from "../experiments/kept.js";
import { engineArguments, lowerbound, outputOf } from "../experiments/lowerbound.js";
import { writeBetween } from "../experiments/page.js";
import { type Choice, choicesOf, commandsOf, evaluateArguments, trainArguments } from "./choice.js";
import { chosenIn, LambdaRow, Truth } from "./row.js";
import { lambdaTables } from "./table.js";

interface LambdaFlags extends RowFlags {
  readonly seed: string;
  readonly updates: string;
  readonly rows: string;
  readonly page: string;
}

const command = rowCommand("lambdas", "MOPO that chooses its coefficient itself, and each candidate in the simulator.")
  .argument("[flags...]", "after a further --: flags of train that every run gets besides")
  .option("--seed <number>", "of the runs", "0")
  .option("--updates <number>", "of each candidate, and of the training proper", "10000")
  .option("--rows <folder>", "where finished rows are kept", "docs/results/lambdas")
  .option("--page <file>", "whose tables are rewritten", "docs/choosing-lambda.md")
  .parse();
const values = command.opts<LambdaFlags>();

const kept = keptIn(values.rows, LambdaRow);
const settings = { updates: values.updates, flags: command.args };

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
