// Peak memory of a whole training run on a million transitions: a synthetic file, and a process that does nothing else.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { root } from "../tools/workspace/packages.js";
import { mustRun } from "../tools/workspace/shell.js";
import type { Row } from "./compare.js";
import { rounded } from "./statistics.js";

const allowedMegabytes = 2000;
const minutes = 60_000;
const peakSchema = z.object({ peakMegabytes: z.number().positive() });

/** @returns a row with the peak resident memory in MB (10^6 bytes) and what is allowed */
export async function measureMemory(): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), "lowerbound-memory-"));
  try {
    const file = join(folder, "million.hdf5");
    await child("memory-data.ts", file);
    const printed = await child("memory-run.ts", file, join(folder, "run"));
    const { peakMegabytes } = peakSchema.parse(JSON.parse(printed.trim().split("\n").at(-1) ?? ""));
    return {
      work: "memory",
      unit: "MB",
      ours: rounded(peakMegabytes),
      limit: allowedMegabytes,
      ofLimit: rounded(peakMegabytes / allowedMegabytes),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function child(name: string, ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const node = ["--conditions=@lowerbound/source", "--import", "tsx", file, ...args];
  return mustRun("node", node, { cwd: root, timeout: 20 * minutes });
}
