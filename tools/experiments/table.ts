import { readdir, readFile, writeFile } from "node:fs/promises";
import { FinishedRow } from "./result.js";

const PAGE = "docs/results.md";
const ROWS = "docs/results/rows";
const [START, END] = ["<!-- rows:start -->", "<!-- rows:end -->"];

/** Write the table of all finished rows into the results page, between its markers. */
export async function writeTable(): Promise<void> {
  const names = (await readdir(ROWS)).filter((name) => name.endsWith(".json")).sort();
  const finished = await Promise.all(
    names.map(async (name) => FinishedRow.parse(JSON.parse(await readFile(`${ROWS}/${name}`, "utf8")))),
  );
  const page = await readFile(PAGE, "utf8");
  const [before, after] = [page.split(START)[0], page.split(END)[1]];
  if (after === undefined) throw new Error(`${PAGE} lacks the markers ${START} and ${END}`);
  await writeFile(PAGE, `${before}${START}\n${tableOf(finished)}\n${END}${after}`);
}

function tableOf(finished: readonly FinishedRow[]): string {
  const head = [
    "| dataset | method | updates | seed | behaviour | in the model | in truth | score | minutes |",
    "|---|---|---|---|---|---|---|---|---|",
  ];
  const order = [...finished].sort((a, b) => key(a).localeCompare(key(b)));
  const commands = order.map(({ command }) => command);
  return [...head, ...order.map(line), "", "```sh", ...commands, "```"].join("\n");
}

const key = ({ task, updates, algorithm, seed }: FinishedRow): string =>
  `${task}|${String(updates).padStart(9, "0")}|${algorithm}|${seed}`;

function line(row: FinishedRow): string {
  const minutes = Object.values(row.seconds).reduce((total, each) => total + each, 0) / 60;
  const cells = [
    `${row.task}-medium-replay`,
    row.algorithm,
    row.updates,
    row.seed,
    row.behaviour.toFixed(0),
    row.modelReturn.toFixed(0),
    `${row.trueReturn.toFixed(0)} ± ${row.trueStd.toFixed(0)}`,
    row.score?.toFixed(1) ?? "",
    minutes.toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
