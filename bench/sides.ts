// The sides of a comparison, each a process of its own, so that no side warms or crowds another.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { root } from "../tools/workspace/packages.js";
import { mustRun } from "../tools/workspace/shell.js";
import type { BenchOptions } from "./options.js";
import type { Work } from "./works.js";

const measuredSchema = z.object({ value: z.number().positive(), limit: z.number().positive().optional() });
/** A figure in the work's unit, and the limit that its matrix products set, where the side knows it. */
export type Measured = z.output<typeof measuredSchema>;

/** One side: measures a work once, in a fresh process. */
export interface Side {
  readonly name: "ours" | "builtIn" | "torch" | "jax";
  measure(work: Work): Promise<Measured>;
}

const child = fileURLToPath(new URL("child.ts", import.meta.url));
const minutes = 60_000;

const node = ["--conditions=@lowerbound/source", "--import", "tsx", child];

/** Our side, and for a variant the work that it varies. */
export function ours(work: Work, threads: number): Side[] {
  const side: Side = { name: "ours", measure: ({ name }) => measure("node", [...node, name, String(threads)]) };
  const { variantOf } = work;
  if (variantOf === undefined) return [side];
  return [side, { name: "builtIn", measure: () => measure("node", [...node, variantOf, String(threads)]) }];
}

/** PyTorch's and JAX's side of a work, by its name there. */
export function baselines(baseline: string, { torch, jax, threads, baselines }: BenchOptions): Side[] {
  const sides: Side[] = [];
  if (torch !== undefined) {
    const script = join(baselines, "torch_baseline.py");
    sides.push({
      name: "torch",
      measure: ({ baselineArguments = [] }) =>
        measure(torch, [script, baseline, ...baselineArguments, "--threads", `${threads}`]),
    });
  }
  if (jax !== undefined) {
    const script = join(baselines, "jax_baseline.py");
    sides.push({ name: "jax", measure: () => measure(...onCores(threads, [jax, script, baseline])) });
  }
  return sides;
}

/** JAX takes every core it sees: on Linux it is shown as many as the others use. */
function onCores(threads: number, command: readonly string[]): [string, string[]] {
  const [program = "", ...rest] = command;
  if (process.platform !== "linux") return [program, rest];
  return ["taskset", ["--cpu-list", `0-${threads - 1}`, program, ...rest]];
}

async function measure(command: string, args: readonly string[]): Promise<Measured> {
  const printed = await mustRun(command, args, { cwd: root, timeout: 10 * minutes });
  const line = printed.trim().split("\n").at(-1) ?? "";
  return measuredSchema.parse(JSON.parse(line));
}
