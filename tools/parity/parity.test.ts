import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runParity } from "./run-parity.js";
import { statusOf } from "./status.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const source = new URL("../../packages/uncertainty-penalties/test/fixtures", import.meta.url);
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parity-"));
  await cp(source, directory, { recursive: true });
});
afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

async function lines(): Promise<string[]> {
  const printed: string[] = [];
  await runParity(directory, engine, (line) => printed.push(line));
  return printed;
}

/** Change bytes of a tensor in a copy of a golden file. */
async function edit(name: string, change: (text: string) => string): Promise<void> {
  const file = join(directory, name);
  await writeFile(file, change(await readFile(file, "utf8")));
}

it("prints a line a file and a count", async () => {
  expect(await lines()).toEqual([
    "penalties/ensemble-a passed",
    "penalties/ensemble-b passed",
    "penalties/gaussians passed",
    "3 passed, 0 failed, 0 skipped",
  ]);
});

it("fails a file whose hyperparameters lead elsewhere, and shows the worst entries", async () => {
  await edit("penalties/ensemble-a.json", (text) =>
    text.replace('"penalty_coefficient": 2.5', '"penalty_coefficient": 2'),
  );
  const printed = await lines();
  expect(printed[0]).toBe("penalties/ensemble-a failed");
  expect(printed[1]).toMatch(/^ {2}out\.reward\.\w+: .* x tolerance/);
  expect(printed.at(-1)).toBe("2 passed, 1 failed, 0 skipped");
});

it("skips a subject that does not exist yet, and fails a file that cannot be read", async () => {
  await edit("penalties/ensemble-a.json", (text) => text.replace('"name": "ensemble-a"', '"name": "unheard-of"'));
  await edit("penalties/ensemble-b.json", (text) => text.slice(0, 100));
  const printed = await lines();
  expect(printed[0]).toBe("penalties/ensemble-a skipped");
  expect(printed[1]).toBe("penalties/ensemble-b failed");
  expect(printed.at(-1)).toBe("1 passed, 1 failed, 1 skipped");
});

it("is no success where nothing was compared", async () => {
  const empty = await mkdtemp(join(tmpdir(), "parity-"));
  expect(statusOf(await runParity(empty, engine, () => {}))).toBe(2);
  expect(statusOf({ passed: 0, failed: 0, skipped: 3 })).toBe(2);
  expect(statusOf({ passed: 3, failed: 0, skipped: 1 })).toBe(0);
  expect(statusOf({ passed: 3, failed: 1, skipped: 0 })).toBe(1);
  await rm(empty, { recursive: true });
});
