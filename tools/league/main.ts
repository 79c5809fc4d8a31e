// npm run league: MOPO under each penalty on a dataset, at equal mean penalty; finished rows are kept, and a run that was
// stopped goes on where it was.
import { type DatasetName, datasets, folderOf } from "../experiments/datasets.js";
import { type VariedFlags, variedCommand } from "../experiments/flags.js";
import { keptIn } from "../experiments/kept.js";
import { writeBetween } from "../experiments/page.js";
import { readResult, returnsOf } from "../experiments/result.js";
import { costOfPenalty } from "./cost.js";
import { type Entrant, entrants, reference } from "./penalties.js";
import { LeagueRow, type MeanPenalty, measuredOn, scaledCoefficient } from "./row.js";
import { commandsOf, type LeagueRun, measuredRun, publishedCoefficient, rolloutPenalty } from "./runs.js";
import { leagueTables } from "./table.js";

const command = variedCommand(
  "league",
  "MOPO under each penalty at equal mean u; makes the rows that are not there yet.",
  { rows: "docs/results/league", page: "docs/penalty-league.md" },
)
  .option("--probe <number>", "updates of the run that the mean of u is taken from", "2000")
  .option("--visits <episodes>", "episodes of each policy in the simulator; 0: none", "10")
  .parse();
const values = command.opts<VariedFlags & { readonly probe: string; readonly visits: string }>();

const options = { runs: values.runs, threads: values.threads, flags: command.args };
const [updates, probe, visits] = [Number(values.updates), Number(values.probe), Number(values.visits)];
const kept = keptIn(values.rows, LeagueRow);

/** The mean of u after a short run, whose coefficient is the reference's own: where that explodes, a millionth of it. */
async function probed(dataset: DatasetName, data: string, entrant: Entrant): Promise<MeanPenalty> {
  const coefficient = await publishedCoefficient(dataset);
  const name = `${dataset}-${entrant.name}-probe`;
  const run: LeagueRun = { name, dataset, data, entrant, coefficient, updates: probe };
  try {
    return await probedBy(run);
  } catch {
    // A unit of some penalties is worth far more than one of the reference, and critics cannot follow.
    return await probedBy({ ...run, name: `${name}-small`, coefficient: 1e-6 * coefficient });
  }
}

async function probedBy(run: LeagueRun): Promise<MeanPenalty> {
  const report = await measuredRun(run, options, 0);
  const { meanPenalty: heldOut } = measuredOn(report, run.entrant.name, "held-out");
  return { rollouts: await rolloutPenalty(run, options), heldOut };
}

const writePage = async (): Promise<void> => writeBetween(values.page, "league", leagueTables(await kept.readAll()));

async function played(dataset: DatasetName, entrant: Entrant, name: string): Promise<LeagueRow> {
  const data = await folderOf(dataset, values.data, values.runs);
  const standard = {
    coefficient: await publishedCoefficient(dataset),
    mean: await probed(dataset, data, reference),
  };
  const coefficient = scaledCoefficient(standard, await probed(dataset, data, entrant));
  const run: LeagueRun = { name, dataset, data, entrant, coefficient, updates };
  const report = await measuredRun(run, options, visits);
  return {
    name,
    dataset,
    penalty: entrant.name,
    updates,
    coefficient,
    commands: commandsOf(run, options, visits),
    ...returnsOf(await readResult(`${values.runs}/${name}`)),
    heldOut: measuredOn(report, entrant.name, "held-out"),
    visits: visits === 0 ? null : measuredOn(report, entrant.name, "visits"),
    cost: await costOfPenalty(`${values.runs}/${name}`),
  };
}

for (const dataset of datasets.filter((each) => each.endsWith("replay"))) {
  for (const entrant of entrants) {
    const name = `${dataset}-${entrant.name}-league`;
    if (!name.includes(values.only) || (await kept.has(name, { updates }))) continue;
    try {
      await kept.save(name, await played(dataset, entrant, name));
    } catch (error) {
      // One penalty that fails is no reason not to measure the others.
      console.error(`${name}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
    await writePage();
  }
}
await writePage();
