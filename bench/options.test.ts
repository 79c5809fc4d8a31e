import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readOptions } from "./options.js";
import { workNames } from "./works.js";

const empty = mkdtempSync(join(tmpdir(), "bench-"));

it("runs every work by default, five rounds of two threads", () => {
  expect(readOptions([])).toMatchObject({ works: workNames, rounds: 5, threads: 2, memory: false, torch: undefined });
});

it("measures memory alone when nothing else is named", () => {
  expect(readOptions(["--memory"])).toMatchObject({ works: [], memory: true });
  expect(readOptions(["sac", "--memory"])).toMatchObject({ works: ["sac"], memory: true });
});

it("takes baselines from a folder", () => {
  const baselines = mkdtempSync(join(tmpdir(), "bench-"));
  writeFileSync(join(baselines, "torch_baseline.py"), "");
  const argv = ["sac", "--torch", "python3", "--baselines", baselines, "--rounds", "7"];
  expect(readOptions(argv)).toMatchObject({ works: ["sac"], torch: "python3", baselines, rounds: 7 });
  expect(() => readOptions([...argv, "--jax", "python3"])).toThrow(join(baselines, "jax_baseline.py"));
});

it.each([
  [["sca"], 'did you mean "sac"'],
  [["--torch", "python3", "--baselines", empty], "name it with --baselines DIR"],
  [["--rounds", "0"], "--rounds"],
  [["--threads", "two"], '"two" is no count'],
])("refuses %j", (argv, message) => {
  expect(() => readOptions(argv)).toThrow(message);
});
