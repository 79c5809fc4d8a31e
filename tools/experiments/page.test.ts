import { expect, it } from "vitest";
import { tableWithCommands } from "./page.js";

it("puts one empty line between a table and its commands, as the formatter asks", () => {
  expect(tableWithCommands(["a", "b"], [["1", "2"]], ["npm run one", "npm run two"])).toBe(
    "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n\n<details>\n<summary>The commands that made these rows</summary>\n\n" +
      "```sh\nnpm run one\nnpm run two\n```\n\n</details>",
  );
});
