import { ConfigError } from "@lowerbound/core";
import { onInterrupt } from "@lowerbound/runs";
import { type Command, Option } from "commander";
import { countOf } from "../options/count.js";
import { type Setting, settingOf, settingsOf } from "../options/settings.js";
import type { Output } from "../output.js";
import { collect } from "./train.js";

interface OpeFlags {
  readonly method: string;
  readonly policies: "last" | "all";
  readonly dynamics?: string;
  readonly discount?: string;
  readonly updates?: string;
  readonly horizon?: string;
  readonly repetitions?: string;
  readonly set?: readonly string[];
  readonly seed: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Register `ope`. */
export function addOpe(program: Command, output: Output): void {
  program
    .command("ope <runs...>")
    .summary("estimate and rank runs' policies from their data alone")
    .description(
      "Off-policy evaluation: estimate the return of saved policies from the dataset that they learnt from, without an " +
        "environment, and rank them. Where runs recorded true returns, the ranking is compared with them afterwards. Writes " +
        "ope.json into each run, which lowerbound report shows.\n\n" +
        "Methods: fqe, model, is, wis, per-decision-is, per-decision-wis, doubly-robust, weighted-doubly-robust, or all. " +
        "fqe and model evaluate a policy's mode, the others, which weigh logged actions, the policy as it samples.",
    )
    .option("--method <names>", "methods, by commas", "fqe,model")
    .addOption(
      new Option("--policies <which>", "last, or all that the runs kept, checkpoints too, each policy once")
        .choices(["last", "all"])
        .default("last"),
    )
    .option("--dynamics <run>", "the run whose model rolls policies out (default: the first with one)")
    .option("--discount <number>", "discount of the estimated return (default: 0.99)")
    .option("--updates <number>", "updates of fitted Q evaluation (default: 10000)")
    .option("--horizon <number>", "steps of an imagined episode (default: 1000)")
    .option("--repetitions <number>", "resamples behind an interval (default: 200)")
    .option(
      "--set <option=value>",
      "any other option, such as fqe.critics=2; repeatable; a misspelt one lists all",
      collect,
    )
    .option("--seed <number>", "decides the fits, the draws and the resamples", "0")
    .option("--json", "print what ope.json holds")
    .option("--quiet", "no progress")
    .action((runs: readonly string[], flags: OpeFlags) => ope(runs, flags, output));
}

async function ope(directories: readonly string[], flags: OpeFlags, output: Output): Promise<void> {
  const { offPolicyMethods, offPolicyOptions } = await import("@lowerbound/evaluation");
  const { optionsFrom } = await import("../options/options-from.js");
  const { openRun } = await import("../ope/saved-run.js");
  const { evaluateRuns } = await import("../ope/evaluate-runs.js");
  const { opeText, rankings } = await import("../ope/text.js");
  const { opeReport } = await import("../ope/ope-file.js");
  const methods = methodsOf(flags.method, offPolicyMethods);
  const options = optionsFrom(offPolicyOptions, settings(flags));
  const seed = countOf(flags.seed, "--seed");
  const runs = await Promise.all(directories.map(openRun));
  const dynamics = flags.dynamics === undefined ? undefined : await openRun(flags.dynamics);
  const interrupt = onInterrupt("start again; ope.json was not written");
  try {
    const results = await evaluateRuns(runs, {
      methods,
      policies: flags.policies,
      options,
      seed,
      onPolicy: (name) => {
        if (flags.quiet !== true) output.err(`evaluating ${name}\n`);
      },
      signal: interrupt.signal,
      ...(dynamics === undefined ? {} : { dynamics }),
    });
    const ranked = rankings(results, methods);
    const report = opeReport({ seed, options, policies: results, rankings: ranked });
    const text = `${JSON.stringify(report, null, 2)}\n`;
    const paths = await writeOpe(directories, text);
    output.out(flags.json === true ? text : `${opeText(results, ranked, options)}written: ${paths.join(", ")}\n`);
  } finally {
    interrupt.restore();
    for (const { pipeline } of [...runs, ...(dynamics === undefined ? [] : [dynamics])]) await pipeline.dispose();
  }
}

/** The whole comparison in each run that took part in it: a ranking says little of one policy alone. */
async function writeOpe(directories: readonly string[], text: string): Promise<readonly string[]> {
  const { writeAtomically } = await import("@lowerbound/runs");
  const { join } = await import("node:path");
  const paths = directories.map((directory) => join(directory, "ope.json"));
  for (const path of paths) await writeAtomically(path, text);
  return paths;
}

function methodsOf<Method extends string>(text: string, known: readonly Method[]): readonly Method[] {
  if (text === "all") return known;
  return text.split(",").map((name) => {
    const method = known.find((each) => each === name.trim());
    if (method !== undefined) return method;
    throw new ConfigError(`no method is called "${name}"`, {
      where: "--method",
      expected: `all, or ${known.join(", ")}`,
    });
  });
}

const settings = ({ discount, updates, horizon, repetitions, set = [] }: OpeFlags): readonly Setting[] => [
  ...settingOf("--discount", "discount", discount),
  ...settingOf("--updates", "fqe.updates", updates),
  ...settingOf("--horizon", "horizon", horizon),
  ...settingOf("--repetitions", "repetitions", repetitions),
  ...settingsOf(set, "fqe.critics=2"),
];
