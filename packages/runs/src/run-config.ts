import { join } from "node:path";
import { ConfigError, FileError, type Json, type RunTerms } from "@lowerbound/core";
import { readIfThere, writeAtomically } from "./files.js";
import { type Difference, differences, differenceText } from "./json.js";

const FILE = "config.json";

/**
 * Write a run's configuration, or check that the one there says the same within the terms; what may be otherwise replaces
 * what is there once `check` has found nothing else wrong.
 *
 * Returns the differences in parts that may change. @throws ConfigError naming the options that differ; FileError; what
 * `check` throws
 */
export async function openConfig(
  directory: string,
  config: Json,
  { mayGrow = [], mayChange = [] }: Pick<RunTerms, "mayGrow" | "mayChange">,
  check: () => Promise<void>,
): Promise<readonly Difference[]> {
  const before = await readConfig(directory);
  const write = () => writeAtomically(join(directory, FILE), `${JSON.stringify(config, null, 2)}\n`);
  if (before === undefined) {
    await write();
    await check();
    return [];
  }
  const different = differences(before, JSON.parse(JSON.stringify(config)));
  const changed = different.filter(({ path }) => mayChange.some((part) => path.split(".")[0] === part));
  const refused = different.filter((each) => !changed.includes(each) && !(mayGrow.includes(each.path) && grows(each)));
  if (refused.length > 0) throw otherConfig(directory, refused, { mayGrow, mayChange });
  await check();
  if (different.length > 0) await write();
  return changed;
}

function otherConfig(
  directory: string,
  refused: readonly Difference[],
  { mayGrow, mayChange }: Required<Pick<RunTerms, "mayGrow" | "mayChange">>,
): ConfigError {
  const allowed = [...mayGrow.map((path) => `more of ${path}`), ...mayChange.map((part) => `another ${part}`)];
  return new ConfigError(`the run there has another configuration: ${refused.map(differenceText).join("; ")}`, {
    where: join(directory, FILE),
    expected: ["the options that the run was started with", ...allowed].join(", or "),
    remedy: `choose another directory, or go on with the run's own options: lowerbound train --resume ${directory}`,
  });
}

const grows = ({ before, now }: Difference): boolean =>
  typeof before === "number" && typeof now === "number" && now > before;

/** The configuration of the run in a directory, or undefined. @throws FileError if it is not JSON */
export async function readConfig(directory: string): Promise<unknown> {
  const path = join(directory, FILE);
  const text = (await readIfThere(path))?.toString("utf8");
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileError("not JSON", { where: path, remedy: "restore the file, or choose another directory", cause });
  }
}
