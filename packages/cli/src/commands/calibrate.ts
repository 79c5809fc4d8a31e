import { ConfigError } from "@lowerbound/core";
import type { Command } from "commander";
import { countOf, positiveOf } from "../options/count.js";
import type { Output } from "../output.js";
import { collect } from "./train.js";

interface CalibrateFlags {
  readonly data?: string;
  readonly penalty?: readonly string[];
  readonly plugin?: readonly string[];
  readonly rows: string;
  readonly steps: string;
  readonly level: string;
  readonly visits?: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Register `calibrate`. */
export function addCalibrate(program: Command, output: Output): void {
  program
    .command("calibrate <run>")
    .summary("measure a run's model error and how well penalties bound it")
    .description(
      "Measure the fitted model on rows that it was not trained on: one-step and open-loop errors, coverage of predictive " +
        "intervals, saturated log-variances, multimodality; and penalties against the true error: how often u >= error, " +
        "rank correlation, reliability, the scale that conformal calibration gives, and both by step of open-loop predictions. " +
        "Writes calibration.json into the run.\n\n" +
        "--visits also measures penalties where the policy goes in the simulator, by step of its episodes as well; only that " +
        "looks at the environment.",
    )
    .option("--data <file>", "a log of the same task to measure on, in place of the rows that the fit held out")
    .option("--penalty <type>", "another penalty beside the run's, with its defaults; repeatable", collect)
    .option("--plugin <file or package>", "components of your own beside the run's; repeatable", collect)
    .option("--rows <number>", "at most so many rows", "5000")
    .option("--steps <number>", "steps of the open-loop error", "20")
    .option(
      "--level <number>",
      "share of a new episode's rows that the conformal scale is to cover; found on every other episode, 0.9 takes 17",
      "0.9",
    )
    .option("--visits <episodes>", "episodes of the policy in the simulator to measure penalties on")
    .option("--seed <number>", "decides rows, samples and episodes", "0")
    .option("--json", "print what calibration.json holds")
    .action((run: string, flags: CalibrateFlags) => calibrate(run, flags, output));
}

async function calibrate(run: string, flags: CalibrateFlags, output: Output): Promise<void> {
  const { calibrateRun } = await import("../calibrate/calibrate-run.js");
  const { calibrationText } = await import("../calibrate/text.js");
  const { writeAtomically } = await import("@lowerbound/runs");
  const { join } = await import("node:path");
  const report = await calibrateRun(run, {
    penalties: flags.penalty ?? [],
    plugins: flags.plugin ?? [],
    rows: positiveOf(flags.rows, "--rows"),
    steps: countOf(flags.steps, "--steps"),
    level: levelOf(flags.level),
    visits: flags.visits === undefined ? 0 : countOf(flags.visits, "--visits"),
    seed: countOf(flags.seed, "--seed"),
    ...(flags.data === undefined ? {} : { data: flags.data }),
  });
  const path = join(run, "calibration.json");
  const text = `${JSON.stringify(report, null, 2)}\n`;
  await writeAtomically(path, text);
  output.out(flags.json === true ? text : `${calibrationText(report)}written: ${path}\n`);
}

function levelOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new ConfigError(`"${text}" is no share`, { where: "--level", expected: "a number between 0 and 1" });
}
