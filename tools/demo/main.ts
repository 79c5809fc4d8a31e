// npm run demo: data made here, an ensemble fitted, MOPO trained, and its policy measured in MuJoCo beside the data
// and beside behaviour cloning.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, LowerboundError, type PipelineResult } from "@lowerbound/core";
import { makeRecipe } from "@lowerbound/recipes";
import { onInterrupt } from "@lowerbound/runs";
import { standardComponents } from "@lowerbound/standard";
import { Command } from "commander";
import { cloningConfig, mopoConfig } from "./settings.js";
import { type Line, secondsText, table } from "./table.js";

const RECIPE = "halfcheetah-medium-replay";

const values = new Command("npm run demo --")
  .description("Make data in MuJoCo, learn from it alone, and show what came of it in MuJoCo.")
  .option("--seed <number>", "of the runs", "0")
  .option("--updates <number>", "of MOPO", "45000")
  .option("--directory <folder>", "where data and runs are kept, and go on from when they were stopped", "runs/demo")
  .parse()
  .opts<{ seed: string; updates: string; directory: string }>();

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function makeData(path: string): Promise<number> {
  const started = performance.now();
  if (existsSync(path)) say(`data: ${path} is there already`);
  else {
    say(`data: making ${RECIPE} in MuJoCo`);
    const { episodes, transitions } = await makeRecipe(RECIPE, { path, seed: 0 });
    say(`data: ${transitions} transitions in ${episodes} episodes`);
  }
  return (performance.now() - started) / 1000;
}

async function run(config: ReturnType<typeof mopoConfig>, directory: string): Promise<PipelineResult> {
  const interrupt = onInterrupt("npm run demo");
  const pipeline = createPipeline(standardComponents, config);
  try {
    return await pipeline.run({ directory, signal: interrupt.signal });
  } finally {
    interrupt.restore();
    await pipeline.dispose();
  }
}

function lines(cloning: PipelineResult, mopo: PipelineResult): Line[] {
  const { dataset, evaluation, imagined } = mopo;
  const { reference, returns } = dataset;
  const score = (mean: number) =>
    reference === undefined ? {} : { score: (100 * (mean - reference.random)) / (reference.expert - reference.random) };
  const line = (name: string, mean: number, std?: number): Line => ({
    name,
    mean,
    ...(std === undefined ? {} : { std }),
    ...score(mean),
  });
  return [
    line("the data (behaviour)", returns.mean, returns.std),
    line("behaviour cloning, in MuJoCo", cloning.evaluation?.mean ?? Number.NaN, cloning.evaluation?.std),
    line("MOPO, in its model", imagined?.mean ?? Number.NaN),
    line("MOPO, in MuJoCo", evaluation?.mean ?? Number.NaN, evaluation?.std),
  ];
}

async function main(): Promise<void> {
  const [seed, updates] = [Number(values.seed), Number(values.updates)];
  await mkdir(values.directory, { recursive: true });
  const path = join(values.directory, `${RECIPE}.hdf5`);
  const data = await makeData(path);
  const directory = join(values.directory, `mopo-seed-${seed}`);
  const cloning = await run(cloningConfig(path, seed, 5_000), join(values.directory, `cloning-seed-${seed}`));
  const mopo = await run(mopoConfig(path, seed, updates), directory);
  say(`\n${table(lines(cloning, mopo))}\n`);
  say(`seconds: ${secondsText({ data, cloning: cloning.seconds.train ?? 0, ...mopo.seconds })}`);
  say(`the run lies in ${directory}; see it again: npm run lowerbound -- evaluate ${directory}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LowerboundError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
