import { onInterrupt } from "@lowerbound/runs";
import type { Command } from "commander";
import { countOf, positiveOf } from "../options/count.js";
import { settingsOf } from "../options/settings.js";
import type { Output } from "../output.js";
import { pictureOf } from "./picture.js";
import { collect } from "./train.js";

interface PlanFlags {
  readonly planner?: string;
  readonly model?: string;
  readonly set?: readonly string[];
  readonly environment?: string;
  readonly episodes: string;
  readonly parallel?: string;
  readonly steps?: string;
  readonly every: string;
  readonly seed: string;
  readonly render?: string | true;
  readonly plugin?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Register `plan`. */
export function addPlan(program: Command, output: Output): void {
  program
    .command("plan <run>")
    .summary("act in the environment by planning in a run's fitted model")
    .description(
      "Act in a run's environment with any planner over its fitted model: of a run of algorithm planning with its own " +
        "planner unless another is named, of any other run with CEM in its dynamics, its penalty at the weight that it " +
        "trained with. A prior that the planner needs is trained first, once. Writes plan.json into the run, which " +
        "lowerbound report shows: rewards as expected and as they came, decision times, and the candidates of some plans.",
    )
    .option("--planner <type>", 'which planner ("lowerbound components planner" lists them)')
    .option("--model <type>", 'what to plan in ("lowerbound components planning-model" lists them)')
    .option("--set <option=value>", "such as planner.horizon=10, model.penaltyCoefficient=0; repeatable", collect)
    .option("--environment <type>", "environment to act in (default: the run's, or its data's)")
    .option("--episodes <number>", "episodes to act", "1")
    .option(
      "--parallel <number>",
      "episodes to plan for at once (default: up to 8; 1 with a time budget, which they share)",
    )
    .option("--steps <number>", "steps of an episode at most (default: to its end)")
    .option("--every <number>", "keep the plans of every so many steps whole", "25")
    .option("--seed <number>", "decides the episodes' starts and the planner's draws", "0")
    .option(
      "--render [file]",
      "draw the first episode's motion as a film strip: .svg or .png (default: plan.svg in the run)",
    )
    .option("--plugin <file or package>", "components of your own; repeatable", collect)
    .option("--json", "print what plan.json holds")
    .option("--quiet", "no progress")
    .action((run: string, flags: PlanFlags) => plan(run, flags, output));
}

async function plan(run: string, flags: PlanFlags, output: Output): Promise<void> {
  const { planRun } = await import("../plan/plan-run.js");
  const { planText } = await import("../plan/text.js");
  const { writeAtomically } = await import("@lowerbound/runs");
  const { join } = await import("node:path");
  const picture = await pictureOf(flags.render, "--render", join(run, "plan.svg"));
  const interrupt = onInterrupt("start again; plan.json was not written");
  try {
    const { report, film } = await planRun(run, {
      ...optionsOf(flags),
      film: picture !== undefined,
      signal: interrupt.signal,
    });
    const path = join(run, "plan.json");
    const text = `${JSON.stringify(report)}\n`;
    await writeAtomically(path, text);
    const drawn = picture === undefined || film === undefined ? "" : `film: ${picture.path}\n`;
    if (picture !== undefined && film !== undefined) await writeAtomically(picture.path, picture.draw(film));
    output.out(flags.json === true ? text : `${planText(report)}written: ${path}\n${drawn}`);
  } finally {
    interrupt.restore();
  }
}

function optionsOf(flags: PlanFlags) {
  const { planner, model, environment, parallel, steps, set = [], plugin = [] } = flags;
  return {
    ...(planner === undefined ? {} : { planner }),
    ...(model === undefined ? {} : { model }),
    ...(environment === undefined ? {} : { environment }),
    ...(parallel === undefined ? {} : { parallel: positive(parallel, "--parallel") }),
    ...(steps === undefined ? {} : { steps: positive(steps, "--steps") }),
    settings: settingsOf(set, "planner.horizon=10 or model.penaltyCoefficient=0"),
    plugins: plugin,
    episodes: positive(flags.episodes, "--episodes"),
    every: positive(flags.every, "--every"),
    seed: countOf(flags.seed, "--seed"),
    quiet: flags.quiet === true || flags.json === true,
  };
}

const positive = (text: string, flag: string): number => positiveOf(text, flag, "there is nothing to do");
