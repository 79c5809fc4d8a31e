// npm run bench: ours beside PyTorch and JAX, interleaved in one run; see options.ts for the flags.
import { appendFile, writeFile } from "node:fs/promises";
import { LowerboundError } from "@lowerbound/core";
import { compare, type Row } from "./compare.js";
import { measureMemory } from "./memory.js";
import { type BenchOptions, readOptions } from "./options.js";
import { baselines, ours, type Side } from "./sides.js";
import { findWork, type Work } from "./works.js";

/** A work's sides: jax_baseline.py has no beam search, and some works have no baseline. */
function sidesOf(work: Work, options: BenchOptions): Side[] {
  const own = ours(work, options.threads);
  if (work.baseline === undefined) return own;
  const others = baselines(work.baseline, options).filter(({ name }) => name !== "jax" || work.baseline !== "plan");
  return [...own, ...others];
}

async function bench(options: BenchOptions): Promise<void> {
  const { json } = options;
  if (json !== undefined) await writeFile(json, "");
  const rows: Row[] = [];
  const report = async (row: Row) => {
    rows.push(row);
    console.log(JSON.stringify(row));
    if (json !== undefined) await appendFile(json, `${JSON.stringify(row)}\n`);
  };
  for (const work of options.works.map(findWork)) {
    const all = await work.compareAll?.(options.rounds, options.threads);
    if (all !== undefined) for (const row of all) await report(row);
    else if (work.prepare === undefined) console.log(`${work.name}: not yet`);
    else await report(await compare(work, sidesOf(work, options), options.rounds, options.threads));
  }
  if (options.memory) await report(await measureMemory());
  console.table(rows.map(({ rounds, threads, ...row }) => row));
}

try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof LowerboundError ? error.message : error);
  process.exitCode = 1;
}
