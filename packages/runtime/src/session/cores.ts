import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const CPUS = "/sys/devices/system/cpu";

/** Cores that this process may use, two hardware threads of one core counted once where the system tells. */
export function physicalCores(): number {
  const logical = availableParallelism();
  try {
    const cpus = readdirSync(CPUS).filter((name) => /^cpu\d+$/.test(name));
    const siblings = cpus.map((cpu) => readFileSync(`${CPUS}/${cpu}/topology/thread_siblings_list`, "utf8"));
    return Math.max(1, Math.min(logical, new Set(siblings).size));
  } catch {
    return logical;
  }
}
