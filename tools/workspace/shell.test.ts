import { expect, it } from "vitest";
import { root } from "./packages.js";
import { run } from "./shell.js";

it("reads characters whole that come in pieces", async () => {
  const program = `const bytes = Buffer.from("±"); process.stdout.write(bytes.subarray(0, 1));
    setTimeout(() => process.stdout.write(bytes.subarray(1)), 100);`;
  expect(await run("node", ["--eval", program], { cwd: root })).toEqual({ code: 0, stdout: "±", stderr: "" });
});
