import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { ConfigError } from "@lowerbound/core";
import { onInterrupt } from "@lowerbound/runs";
import { type Command, Option } from "commander";
import { countOf } from "../options/count.js";
import { type Setting, settingOf, settingsOf } from "../options/settings.js";
import type { Output } from "../output.js";
import { collect } from "./train.js";

interface CertifyFlags {
  readonly value: "fqe" | "critic";
  readonly data?: string;
  readonly penalty?: readonly string[];
  readonly plugin?: readonly string[];
  readonly visits?: string;
  readonly discount?: string;
  readonly horizon?: string;
  readonly rows?: string;
  readonly level?: string;
  readonly coefficient?: string;
  readonly updates?: string;
  readonly set?: readonly string[];
  readonly seed: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Register `certify`. */
export function addCertify(program: Command, output: Output): void {
  program
    .command("certify <run-or-file>")
    .summary("bound a policy's true return from below, with all that the bound assumes")
    .description(
      "A lower bound of the true discounted return of a run's last policy: the return in the model, less what the penalty " +
        "says that the model can be wrong by. It is conditional: every assumption is listed with how far it was seen to " +
        "hold on held-out data, and where one was seen to fail there is no bound. Writes certificate.json into the run, " +
        "which lowerbound report shows. The true dynamics are never used: with --visits the return in the simulator " +
        "stands beside the bound, and can only void it.\n\n" +
        "A JSON file in place of a run is a tabular task, certified exactly (docs/certificates.md).",
    )
    .addOption(
      new Option(
        "--value <source>",
        "values: fitted to the data, or of the run's critic (which knows the reward that it trained with)",
      )
        .choices(["fqe", "critic"])
        .default("fqe"),
    )
    .option("--data <file>", "a log of the same task to check the penalty on, in place of what the run held out")
    .option("--penalty <type>", "another penalty beside the run's, with its defaults; repeatable", collect)
    .option("--plugin <file or package>", "components of your own beside the run's; repeatable", collect)
    .option("--visits <episodes>", "episodes of the policy in the simulator, shown beside the certificate")
    .option("--discount <number>", "discount of the certified return (default: the run's, or 0.99)")
    .option("--horizon <number>", "steps of an imagined episode (default: 1000)")
    .option("--rows <number>", "held-out rows, at most (default: 2000)")
    .option("--level <number>", "share of held-out rows that the scaled penalty is to cover (default: 0.9)")
    .option("--coefficient <number>", "claim so much reward a unit of u (default: the least that covers)")
    .option("--updates <number>", "updates of fitted Q evaluation (default: 10000)")
    .option(
      "--set <option=value>",
      "any other option, such as samples=16; repeatable; a misspelt one lists all",
      collect,
    )
    .option("--seed <number>", "decides fits, draws, rows and episodes", "0")
    .option("--json", "print what certificate.json holds")
    .option("--quiet", "no progress")
    .action((path: string, flags: CertifyFlags, command: Command) => certify(path, flags, command, output));
}

async function certify(path: string, flags: CertifyFlags, command: Command, output: Output): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  // What is not there is said of what was meant.
  const isFile = found?.isFile() ?? extname(path).toLowerCase() === ".json";
  if (isFile) refuseRunOnly(command);
  await (isFile ? certifyFile(path, flags, output) : certifyDirectory(path, flags, output));
}

/** Flags that say nothing of a tabular task. */
const RUN_ONLY = [
  "value",
  "data",
  "penalty",
  "plugin",
  "visits",
  "discount",
  "horizon",
  "rows",
  "level",
  "coefficient",
  "updates",
  "set",
  "seed",
] as const satisfies readonly (keyof CertifyFlags)[];

/** @throws ConfigError for a flag of {@link RUN_ONLY} that was given, be it with its default */
function refuseRunOnly(command: Command): void {
  const inapplicable = RUN_ONLY.find((name) => command.getOptionValueSource(name) === "cli");
  if (inapplicable === undefined) return;
  throw new ConfigError("a tabular task is certified exactly, from what its file says", {
    where: `--${inapplicable}`,
    remedy: "leave it out, or name a run's directory",
  });
}

async function certifyFile(path: string, flags: CertifyFlags, output: Output): Promise<void> {
  const { certifyTabularFile } = await import("../certify/certify-tabular-file.js");
  const { tabularText } = await import("../certify/tabular-text.js");
  const result = await certifyTabularFile(path);
  output.out(flags.json === true ? `${JSON.stringify(result, null, 2)}\n` : tabularText(result));
}

async function certifyDirectory(run: string, flags: CertifyFlags, output: Output): Promise<void> {
  const { certifyRun } = await import("../certify/certify-run.js");
  const { certificatesText } = await import("../certify/text.js");
  const { writeAtomically } = await import("@lowerbound/runs");
  const interrupt = onInterrupt("start again; certificate.json was not written");
  try {
    const certificates = await certifyRun(run, {
      value: flags.value,
      data: flags.data,
      penalties: flags.penalty ?? [],
      plugins: flags.plugin ?? [],
      visits: flags.visits === undefined ? 0 : countOf(flags.visits, "--visits"),
      seed: countOf(flags.seed, "--seed"),
      certificate: settings(flags),
      onStage: (what) => {
        if (flags.quiet !== true) output.err(`${what}\n`);
      },
      signal: interrupt.signal,
    });
    const path = join(run, "certificate.json");
    const text = `${JSON.stringify(certificates, null, 2)}\n`;
    await writeAtomically(path, text);
    output.out(flags.json === true ? text : `${certificatesText(certificates)}written: ${path}\n`);
  } finally {
    interrupt.restore();
  }
}

const settings = ({
  discount,
  horizon,
  rows,
  level,
  coefficient,
  updates,
  set = [],
}: CertifyFlags): readonly Setting[] => [
  ...settingOf("--discount", "discount", discount),
  ...settingOf("--horizon", "horizon", horizon),
  ...settingOf("--rows", "rows", rows),
  ...settingOf("--level", "level", level),
  ...settingOf("--coefficient", "coefficient", coefficient),
  ...settingOf("--updates", "fqe.updates", updates),
  ...settingsOf(set, "samples=16"),
];
