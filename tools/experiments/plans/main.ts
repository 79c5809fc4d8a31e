// npm run experiments:plans: makes the rows of the table of plans one after the other; finished ones are kept, and a model
// that a row plans in is fitted first where it is not there.
import { existsSync } from "node:fs";
import { createPipeline, Dataset } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import { z } from "zod";
import { type DatasetName, datasets, fileOf, folderOf } from "../datasets.js";
import { rowFlags } from "../flags.js";
import { engineArguments, lowerbound, outputOf, typed } from "../lowerbound.js";
import { baselines, finishedPlans, readPlan } from "./finished.js";
import { cloningOf, fittingOf, type PlanRow, planningOf, planRows, STEPS } from "./rows.js";
import { writePlans } from "./table.js";

const values = rowFlags("experiments:plans", "Make the rows of the table of plans that are not there yet.");

/** Train what is not there yet. */
async function fitted(args: readonly string[], directory: string): Promise<void> {
  if (!existsSync(`${directory}/result.json`)) await lowerbound([...args, ...engineArguments(values.threads)]);
}

async function makeRow(row: PlanRow): Promise<void> {
  const { name, dataset, model, planner } = row;
  const { directory, args } = fittingOf(row, await folderOf(dataset, values.data, values.runs), values.runs);
  await fitted(args, directory);
  await lowerbound(planningOf(row, directory));
  const shown = fittingOf(row, ".", "runs");
  const commands = [shown.args, planningOf(row, shown.directory)].map(typed);
  await finishedPlans.save(name, { name, dataset, model, planner, commands, ...(await readPlan(directory)) });
}

/** Mean over the data's episodes of the rewards of their first steps. */
async function firstReturn(path: string): Promise<number> {
  const pipeline = createPipeline(standardComponents, { dataset: { type: "d4rl-hdf5", path } });
  let [episodes, total] = [0, 0];
  for await (const { rewards } of pipeline.get(Dataset).episodes()) {
    episodes += 1;
    total += rewards.subarray(0, STEPS).reduce((sum, reward) => sum + reward, 0);
  }
  await pipeline.dispose();
  return total / episodes;
}

const Evaluation = z.object({ mean: z.number() });

async function makeBaseline(dataset: DatasetName): Promise<void> {
  const path = `${await folderOf(dataset, values.data, values.runs)}/${fileOf(dataset)}`;
  const directory = `${values.runs}/${dataset}-behaviour-cloning-20k-0`;
  await fitted(
    [
      "train",
      "--config",
      "docs/results/configs/behaviour-cloning.yaml",
      "--dataset.path",
      path,
      "--algorithm.updates",
      "20000",
      "--directory",
      directory,
    ],
    directory,
  );
  const { mean } = Evaluation.parse(JSON.parse(await outputOf([...cloningOf(dataset, directory), "--json"])));
  await baselines.save(dataset, { name: dataset, dataset, data: await firstReturn(path), cloning: mean });
}

for (const dataset of datasets) {
  const own = planRows.filter((row) => row.dataset === dataset && row.name.includes(values.only));
  if (own.length > 0 && !(await baselines.has(dataset))) await makeBaseline(dataset);
  for (const row of own) {
    if (await finishedPlans.has(row.name)) continue;
    await makeRow(row);
    await writePlans();
  }
}
await writePlans();
