import {
  type AnyComponent,
  counted,
  createRegistry,
  createUntypedPipeline,
  DataError,
  Dataset,
} from "@lowerbound/core";
import type { DatasetReport } from "@lowerbound/datasets";
import type { Command } from "commander";
import { loadComponents } from "../components.js";
import { assembleConfig } from "../config/assemble.js";
import { FlagText, flagTree, isRecord } from "../config/flag-tokens.js";
import { flagNames } from "../options/flag-names.js";
import type { Output } from "../output.js";
import { datasetType } from "./dataset-type.js";
import { infoText } from "./info-text.js";
import { collect } from "./train.js";

interface ReadOptions {
  readonly plugin?: readonly string[];
  readonly json?: boolean;
}

/** Register `data` with `info` and `doctor`. */
export function addData(program: Command, output: Output): Command {
  const data = program
    .command("data")
    .description("look at datasets, and make them")
    .summary("look at datasets, and make them");
  reading(data, "info", "sizes, returns and where a dataset comes from", async (dataset, json) => {
    const info = await dataset.info();
    output.out(json ? `${JSON.stringify(info, null, 2)}\n` : infoText(info));
  });
  reading(
    data,
    "doctor",
    "an audit: values, ends of episodes, order of rows, what each loader would make of them",
    async (dataset, json) => {
      const { diagnose, renderReport } = await import("@lowerbound/datasets");
      const report = await diagnose(dataset);
      output.out(json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
      refuseErrors(report);
    },
  );
  return data;
}

/** @throws DataError where training would refuse the file */
function refuseErrors({ path, findings }: DatasetReport): void {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors === 0) return;
  throw new DataError(`training refuses it: ${counted(errors, "error")}`, {
    where: path,
    remedy: "what the report says beside each",
  });
}

function reading(
  data: Command,
  name: string,
  summary: string,
  show: (dataset: Dataset, json: boolean) => Promise<void>,
): void {
  data
    .command(`${name} <file>`)
    .summary(summary)
    .description(
      `${summary[0]?.toUpperCase()}${summary.slice(1)}.\n\nThe loader is chosen by the file's name and content; --dataset TYPE names another, and its ` +
        "options are flags as in train: --dataset.observation=obs.",
    )
    .option("--json", "print as JSON")
    .option("--plugin <file or package>", "components of your own; repeatable", collect)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((file: string, { plugin = [], json = false }: ReadOptions, command: Command) =>
      withDataset(file, command, plugin, (dataset) => show(dataset, json)),
    );
}

async function withDataset(
  file: string,
  command: Command,
  plugins: readonly string[],
  use: (dataset: Dataset) => Promise<void>,
): Promise<void> {
  const components = (await loadComponents(plugins)).filter((each: AnyComponent) => each.kind.token === Dataset.token);
  const flags = command.args.slice(1);
  const type = typeGiven(flags) ?? (await datasetType(file));
  const config = assembleConfig(createRegistry(components), {
    file: { dataset: { type, path: file } },
    flags,
    plainFlags: flagNames(command),
  });
  const pipeline = createUntypedPipeline(components, config);
  try {
    await use(pipeline.get(Dataset));
  } finally {
    await pipeline.dispose();
  }
}

/** The loader that flags ask for. */
function typeGiven(flags: readonly string[]): string | undefined {
  const node = flagTree(flags).dataset;
  const type = isRecord(node) ? node.type : node;
  return type instanceof FlagText ? type.text : undefined;
}
