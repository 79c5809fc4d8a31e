// Our side of one work, in a process of its own: child.ts WORK THREADS prints {"value": ..., "limit": ...}.
import { CapabilityError } from "@lowerbound/core";
import { findWork, type Prepared, type Work } from "./works.js";

const [, , name = "", threads = "2"] = process.argv;

/** Seconds of one step, over all repetitions. */
async function timed(step: () => Promise<void>, { repetitions, warmUp }: Prepared): Promise<number> {
  for (let i = 0; i < warmUp; i++) await step();
  const start = performance.now();
  for (let i = 0; i < repetitions; i++) await step();
  return (performance.now() - start) / 1000 / repetitions;
}

function inUnit(seconds: number, { unit }: Work, { amount }: Prepared): number {
  if (unit === "transitions/s") return amount / seconds;
  return unit === "ms" ? (1000 * seconds) / amount : seconds / amount;
}

const work = findWork(name);
if (work.prepare === undefined) throw new CapabilityError(`${name} has no program yet`);
const prepared = await work.prepare(Number(threads));
const value = inUnit(await timed(prepared.step, prepared), work, prepared);
const limitSeconds = prepared.limitStep && (await timed(prepared.limitStep, prepared));
const limit = limitSeconds === undefined ? {} : { limit: inUnit(limitSeconds, work, prepared) };
console.log(JSON.stringify({ value, ...limit }));
