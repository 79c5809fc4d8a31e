// npm run lambdas: MOPO that chooses its coefficient without the environment, and each candidate shown in it afterwards;
// finished rows are kept, and a run that was stopped goes on where it was.
import { folderOf } from "../experiments/datasets.js";
import { type VariedFlags, variedCommand } from "../experiments/flags.js";
import { keptIn } from "../experiments/kept.js";
import { engineArguments, lowerbound, outputOf } from "../experiments/lowerbound.js";
import { writeBetween } from "../experiments/page.js";
import { type Choice, choicesOf, commandsOf, evaluateArguments, trainArguments } from "./choice.js";
import { chosenIn, LambdaRow, Truth } from "./row.js";
import { lambdaTables } from "./table.js";

const command = variedCommand(
  "lambdas",
  "MOPO that chooses its coefficient itself, and each candidate in the simulator.",
  { rows: "docs/results/lambdas", page: "docs/choosing-lambda.md" },
)
  .option("--seed <number>", "of the runs", "0")
  .parse();
const values = command.opts<VariedFlags & { readonly seed: string }>();

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
  if (await kept.has(choice.name, { updates: Number(values.updates) })) continue;
  const data = await folderOf(choice.dataset, values.data, values.runs);
  const args = trainArguments(choice, settings, { data, runs: values.runs });
  await lowerbound([...args, ...engineArguments(values.threads)]);
  await kept.save(choice.name, await rowOf(choice));
  await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
}
await writeBetween(values.page, "lambdas", lambdaTables(await kept.readAll()));
