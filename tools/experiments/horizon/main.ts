// npm run experiments:horizon: how the error of long predictions moves with data, size and training; finished rows are
// kept, and a training that was stopped goes on where it was.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { rowFlags } from "../flags.js";
import { engineArguments, lowerbound, typed } from "../lowerbound.js";
import { finishedHorizons, readHorizon } from "./finished.js";
import { type HorizonRow, horizonRows, makingOf, predictionOf, trainingOf } from "./rows.js";
import { writeHorizons } from "./table.js";

const values = rowFlags("experiments:horizon", "Make the rows of docs/prediction.md that are not there yet.");
const folder = `${values.runs}/fresh`;
const fresh = `${folder}/hopper-medium-replay.hdf5`;

async function makeRow(row: HorizonRow): Promise<void> {
  await lowerbound([...trainingOf(row, values.data, values.runs), ...engineArguments(values.threads)]);
  await lowerbound(predictionOf(row, fresh, values.runs));
  const commands = [trainingOf(row, ".", "runs"), predictionOf(row, "fresh.hdf5", "runs")].map(typed);
  await finishedHorizons.save(row.name, { ...row, commands, ...(await readHorizon(`${values.runs}/${row.name}`)) });
}

if (!existsSync(fresh)) {
  await mkdir(folder, { recursive: true });
  await lowerbound(makingOf(fresh));
}
for (const row of horizonRows.filter(({ name }) => name.includes(values.only))) {
  if (await finishedHorizons.has(row.name)) continue;
  await makeRow(row);
  await writeHorizons();
}
await writeHorizons();
