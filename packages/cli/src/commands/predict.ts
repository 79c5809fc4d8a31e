import { onInterrupt } from "@lowerbound/runs";
import { type Command, Option } from "commander";
import { countOf, positiveOf } from "../options/count.js";
import { fileOf } from "../options/file.js";
import type { Output } from "../output.js";
import type { PredictRunOptions } from "../predict/predict-run.js";
import { pictureOf } from "./picture.js";
import { collect } from "./train.js";

interface PredictFlags {
  readonly steps: string;
  readonly beside?: readonly string[];
  readonly data?: string;
  readonly episodes: string;
  readonly shortest: string;
  readonly environment?: string;
  readonly truth?: "simulator" | "log";
  readonly seed: string;
  readonly figure?: string | true;
  readonly render?: string | true;
  readonly json?: string;
  readonly quiet?: boolean;
}

/** Register `predict`. */
export function addPredict(program: Command, output: Output): void {
  program
    .command("predict <run>")
    .summary("predict whole episodes open loop, and measure how far predictions stray")
    .description(
      "Roll out a run's fitted models, of trajectories (sequence) and of the dynamics, from the first observation of logged " +
        "episodes under the logged actions, without a look at what came in between, and measure the error at each step " +
        "against the simulator put into the same state, or against the log where there is none. An ensemble is rolled out as " +
        "particles that follow an elite each and by its mean, and so is one of its members alone, a single-step Gaussian " +
        "model. Writes prediction.json into the run, which lowerbound report shows.",
    )
    .option("--steps <number>", "steps to predict", "300")
    .option("--beside <run>", "another run whose models predict the same episodes; repeatable", collect)
    .option("--episodes <number>", "episodes to predict, at most", "20")
    .option("--shortest <number>", "pass over episodes of fewer steps", "1")
    .option("--data <file>", "take episodes from another log of the task, in place of the run's own")
    .option("--environment <type>", "the simulator (default: the run's, or its data's)")
    .addOption(
      new Option("--truth <which>", "what came (default: the simulator, if one is known)").choices([
        "simulator",
        "log",
      ]),
    )
    .option("--seed <number>", "decides which episodes, and the models' draws", "0")
    .option("--figure [file]", "draw the errors by step: .svg or .png (default: prediction-errors.svg in the run)")
    .option(
      "--render [file]",
      "draw an episode as it came and as it is predicted, one below the other: .svg or .png (default: prediction.svg in the run)",
    )
    .option("--json <file>", "also write what prediction.json holds to a file")
    .option("--quiet", "no progress")
    .action((run: string, flags: PredictFlags) => predict(run, flags, output));
}

async function predict(run: string, flags: PredictFlags, output: Output): Promise<void> {
  const { predictRun } = await import("../predict/predict-run.js");
  const { predictionText } = await import("../predict/text.js");
  const { predictionFigure } = await import("@lowerbound/reports");
  const { writeAtomically } = await import("@lowerbound/runs");
  const { join } = await import("node:path");
  const options = optionsOf(flags);
  const json = flags.json === undefined ? undefined : fileOf(flags.json, "--json");
  const figure = await pictureOf(flags.figure, "--figure", join(run, "prediction-errors.svg"));
  const film = await pictureOf(flags.render, "--render", join(run, "prediction.svg"));
  const interrupt = onInterrupt("start again; prediction.json was not written");
  try {
    const made = await predictRun(run, { ...options, film: film !== undefined, signal: interrupt.signal });
    const text = `${JSON.stringify(made.report)}\n`;
    const written: string[] = [];
    const write = async (path: string, content: string | Uint8Array) => {
      await writeAtomically(path, content);
      written.push(path);
    };
    await write(join(run, "prediction.json"), text);
    if (json !== undefined) await write(json, text);
    if (figure !== undefined) await write(figure.path, figure.draw(await predictionFigure(made.report)));
    if (film !== undefined && made.film !== undefined) await write(film.path, film.draw(made.film));
    output.out(`${predictionText(made.report)}written: ${written.join(", ")}\n`);
  } finally {
    interrupt.restore();
  }
}

function optionsOf(flags: PredictFlags): Omit<PredictRunOptions, "film" | "signal"> {
  const { data, environment, truth, beside = [] } = flags;
  return {
    ...(data === undefined ? {} : { data }),
    ...(environment === undefined ? {} : { environment }),
    ...(truth === undefined ? {} : { truth }),
    beside,
    steps: positive(flags.steps, "--steps"),
    episodes: positive(flags.episodes, "--episodes"),
    shortest: positive(flags.shortest, "--shortest"),
    seed: countOf(flags.seed, "--seed"),
    quiet: flags.quiet === true,
  };
}

const positive = (text: string, flag: string): number => positiveOf(text, flag, "there is nothing to predict");
