import { readFile, writeFile } from "node:fs/promises";
import { markdownTable } from "@lowerbound/cli";

/** Replace what stands between a page's markers `<!-- NAME:start -->` and `<!-- NAME:end -->`. */
export async function writeBetween(page: string, name: string, text: string): Promise<void> {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const content = await readFile(page, "utf8");
  const [from, to] = [content.indexOf(start), content.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers ${start} and ${end}`);
  await writeFile(page, `${content.slice(0, from)}${start}\n${text}\n${content.slice(to)}`);
}

/** A table in Markdown, and folded up below it the commands that made its rows. */
export const tableWithCommands = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  commands: readonly string[],
): string =>
  [
    markdownTable(head, rows),
    ...["<details>", "<summary>The commands that made these rows</summary>", ""],
    ...["```sh", ...commands, "```"],
    ...["", "</details>"],
  ].join("\n");
