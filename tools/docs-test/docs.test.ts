import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../workspace/packages.js";
import { run, tail } from "../workspace/shell.js";
import { type Example, examples, scaledDown, settingOf } from "./blocks.js";
import { settings } from "./settings.js";

const all = examples();
// Inside the repository, so that the packages resolve to their source as they do for its own programs.
const folder = mkdtempSync(join(root, "node_modules", ".docs-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runFile(where: string, file: string): Promise<string> {
  const args = ["--conditions=@lowerbound/source", "--import", "tsx", file];
  const env = { ...process.env, NODE_OPTIONS: undefined, NO_COLOR: "1" };
  const { code, stdout, stderr } = await run("node", args, { cwd: where, env, timeout: 120_000 });
  expect(code, tail(stdout + stderr)).toBe(0);
  return stdout;
}

/** Runs an example in a folder of its own, after the ones it goes on from. */
async function play(example: Example, where: string): Promise<string> {
  const setting = settingOf(example);
  await setting.prepare(where);
  for (const name of setting.after ?? []) await play(all.find((each) => each.name === name) ?? example, where);
  writeFileSync(join(where, `${example.name}.ts`), scaledDown(example, setting));
  return await runFile(where, existsSync(join(where, "use.ts")) ? "use.ts" : `${example.name}.ts`);
}

describe("examples of the pages", () => {
  it.each(all)("$where $name runs", { timeout: 300_000 }, async (example) => {
    const where = mkdtempSync(join(folder, "run-"));
    writeFileSync(join(where, "package.json"), `{ "type": "module" }`);
    expect(await play(example, where)).toMatch(settingOf(example).prints);
  });

  it("compile as they stand", { timeout: 600_000 }, () => {
    const files = all.map(({ name, code }) => {
      const file = join(folder, `${name}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, declaration: false }));
    expect(diagnostics.map(({ messageText, file }) => `${file?.fileName}: ${JSON.stringify(messageText)}`)).toEqual([]);
  });

  it("all have an entry, and every entry an example", () => {
    expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(settings).sort());
  });
});
