import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tableWithCommands, writeBetween } from "./page.js";

it("puts one empty line between a table and its commands, as the formatter asks", () => {
  expect(tableWithCommands(["a", "b"], [["1", "2"]], ["npm run one", "npm run two"])).toBe(
    "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n\n<details>\n<summary>The commands that made these rows</summary>\n\n" +
      "```sh\nnpm run one\nnpm run two\n```\n\n</details>",
  );
});

/** What becomes of a page; the error's message where it is refused. */
async function written(content: string): Promise<{ readonly after: string; readonly refusal: string }> {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  const page = join(folder, "page.md");
  await writeFile(page, content);
  const refusal = await writeBetween(page, "rows", "new").then(
    () => "",
    (error: unknown) => String(error),
  );
  const after = await readFile(page, "utf8");
  await rm(folder, { recursive: true });
  return { after, refusal };
}

it("writes between the markers, and leaves all else of the page", async () => {
  const page = "a\n<!-- rows:start -->\nold\n<!-- rows:end -->\nb, up to <!-- rows:end -->\nc\n";
  expect(await written(page)).toEqual({ after: page.replace("old", "new"), refusal: "" });
});

it.each(["a\n<!-- rows:end -->\nb\n", "a\n<!-- rows:start -->\nb\n", "<!-- rows:end -->\n<!-- rows:start -->\n"])(
  "leaves a page that lacks a marker: %j",
  async (page) => {
    expect(await written(page)).toEqual({ after: page, refusal: expect.stringContaining("lacks the markers") });
  },
);
