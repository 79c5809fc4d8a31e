import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { runCli } from "../src/index.js";

export const tinyPlugin = fileURLToPath(new URL("plugins/tiny.ts", import.meta.url));
/** A file with the penalty mean-aleatoric. */
export const penaltyPlugin = fileURLToPath(new URL("../../../examples/my-penalty.ts", import.meta.url));

/** Flags of a run that learns nothing. */
export const tinyRun = (directory: string) => [
  "train",
  `--plugin=${tinyPlugin}`,
  "--dataset=tiny",
  "--engine=tiny",
  "--algorithm=tiny",
  "--quiet",
  `--directory=${directory}`,
];

/** A fresh folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lowerbound-cli-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run the command line in this process. */
export async function cli(...argv: readonly string[]): Promise<CliResult> {
  const pieces = { out: "", err: "" };
  const code = await runCli(argv, {
    out: (text) => {
      pieces.out += text;
    },
    err: (text) => {
      pieces.err += text;
    },
  });
  return { code, ...pieces };
}
