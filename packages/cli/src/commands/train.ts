import { ConfigError, counted, createRegistry, createUntypedPipeline, type PipelineResult } from "@lowerbound/core";
import { onInterrupt } from "@lowerbound/runs";
import type { Command } from "commander";
import { loadComponents } from "../components.js";
import { assembleConfig } from "../config/assemble.js";
import { readConfigFile } from "../config/file.js";
import { flagNames } from "../options/flag-names.js";
import type { Output } from "../output.js";
import { readRun, savePlugins } from "../run-command.js";
import { evaluationText } from "./evaluation-text.js";

export interface TrainOptions {
  readonly config?: string;
  readonly directory?: string;
  readonly resume?: string;
  readonly seed?: string;
  readonly plugin?: readonly string[];
  readonly quiet?: boolean;
}

/** Register `train`. */
export function addTrain(program: Command, output: Output): Command {
  return program
    .command("train")
    .summary("fit, train and evaluate by a configuration")
    .description(
      "Fit, train and (if an evaluation is configured) evaluate. " +
        "The same command goes on with a run that was stopped or killed.\n\n" +
        "Every option of every component is a flag, --KIND.OPTION=VALUE, for instance " +
        "--algorithm.type=mopo --algorithm.penaltyCoefficient=2.5; " +
        "--KIND TYPE is short for --KIND.type=TYPE. Flags win over the file.",
    )
    .option("--config <file>", "configuration as YAML or JSON: an entry a kind, as flags say it")
    .option("--directory <dir>", "where the run lives, made if absent; fitted parts are shared beside it")
    .option(
      "--resume <dir>",
      "go on with the run in this directory; nothing else is needed (with more --algorithm.updates: train on)",
    )
    .option("--seed <number>", "decides all randomness (default: 0)")
    .option("--plugin <file or package>", "components of your own; repeatable", collect)
    .option("--quiet", "no notes and no progress")
    .allowUnknownOption()
    .allowExcessArguments()
    .action((options: TrainOptions, command: Command) => train(options, command, output));
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

async function train(options: TrainOptions, command: Command, output: Output): Promise<void> {
  const saved = options.resume === undefined ? undefined : await readRun(options.resume);
  const file = options.config === undefined ? (saved?.config ?? {}) : await readConfigFile(options.config);
  const plugins = [...(saved?.plugins ?? []), ...(options.plugin ?? [])];
  const components = await loadComponents(plugins);
  const config = assembleConfig(createRegistry(components), {
    file,
    flags: command.args,
    plainFlags: flagNames(command),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const directory = directoryOf(options);
  const pipeline = createUntypedPipeline(components, config);
  const interrupt = onInterrupt(`lowerbound train --resume ${directory}`);
  try {
    await savePlugins(directory, plugins);
    const quiet = options.quiet === true;
    output.out(resultText(await pipeline.run({ directory, signal: interrupt.signal, quiet })));
  } finally {
    interrupt.restore();
    await pipeline.dispose();
  }
}

function directoryOf({ directory, resume }: TrainOptions): string {
  if (directory !== undefined && resume !== undefined && directory !== resume) {
    throw new ConfigError("two directories are given", {
      where: "--resume",
      expected: "--directory or --resume, not both",
    });
  }
  const chosen = directory ?? resume;
  if (chosen !== undefined && chosen !== "") return chosen;
  throw new ConfigError("no directory for the run", { where: "--directory", remedy: "add --directory runs/NAME" });
}

const shortNumber = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(5));

/** What a run came to, for the terminal. */
export function resultText(result: PipelineResult): string {
  const { directory, dataset, evaluation, imagined, trained, seconds } = result;
  const { mean, std } = dataset.returns;
  const times = Object.entries(seconds).map(([phase, value]) => `${phase} ${value.toFixed(1)} s`);
  const facts = Object.entries(trained.facts).flatMap(([name, value]) =>
    typeof value === "object" ? [] : [`  ${name}: ${typeof value === "number" ? shortNumber(value) : value}`],
  );
  return [
    `data: ${dataset.name}, return ${mean.toFixed(1)} +- ${std.toFixed(1)} over ${counted(dataset.episodes, "episode")}`,
    ...(evaluation === undefined ? [] : [`policy: ${evaluationText(evaluation)}`]),
    ...(imagined?.mean === null ? ["in its model: diverged, a return is not finite"] : []),
    ...(facts.length === 0 ? [] : ["training:", ...facts]),
    `time: ${times.join(", ")}`,
    `run: ${directory}`,
    "",
  ].join("\n");
}
