// Our side of one work, in a process of its own: child.ts WORK THREADS prints {"value": ..., "limit": ...}.
import { CapabilityError } from "@lowerbound/core";
import { findWork, type Timing, type Work } from "./works.js";

const [, , name = "", threads = "2"] = process.argv;

/** The figure of a timing in the work's unit. */
async function timed({ unit }: Work, { step, repetitions, warmUp, amount }: Timing): Promise<number> {
  for (let i = 0; i < warmUp; i++) await step();
  const start = performance.now();
  for (let i = 0; i < repetitions; i++) await step();
  const seconds = (performance.now() - start) / 1000 / repetitions;
  if (unit === "transitions/s" || unit === "plans/s") return amount / seconds;
  return unit === "ms" ? (1000 * seconds) / amount : seconds / amount;
}

const work = findWork(name);
if (work.prepare === undefined) throw new CapabilityError(`${name} has no program yet`);
const prepared = await work.prepare(Number(threads));
const value = await timed(work, prepared.work);
const limit = await timed(work, prepared.limit);
console.log(JSON.stringify({ value, limit }));
