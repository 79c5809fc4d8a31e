import { readdir } from "node:fs/promises";
import { environmentType } from "@lowerbound/environments";
import { checkEnvironment, loadEnvironmentGolden } from "@lowerbound/testing";
import { statusOf } from "../parity/status.js";

const SUFFIX = ".facts.json";
const USAGE = `usage: npm run parity:envs -- DIR
  DIR holds ID${SUFFIX}, ID.rollouts.json and ID.rollouts.safetensors for each environment ID`;

type Outcome = "passed" | "failed" | "skipped";

async function outcomeOf(directory: string, id: string): Promise<Outcome> {
  if (environmentType(id) === undefined) return "skipped";
  try {
    const checks = await checkEnvironment(await loadEnvironmentGolden(directory, id));
    const failures = checks.filter(({ passed }) => !passed);
    for (const { name, detail } of failures) console.error(`${id} ${name}: ${detail}`);
    return failures.length === 0 ? "passed" : "failed";
  } catch (error) {
    console.error(`${id}: ${messageOf(error)}`);
    return "failed";
  }
}

/** A line an environment, then the counts; the exit status is 1 if one fails, 2 if nothing was compared. */
async function main(directory: string | undefined): Promise<number> {
  if (directory === undefined) throw new Error(USAGE);
  const names = (await readdir(directory)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new Error(`${directory}: there is no environment\n${USAGE}`);
  const counts: Record<Outcome, number> = { passed: 0, failed: 0, skipped: 0 };
  for (const id of names.map((name) => name.slice(0, -SUFFIX.length))) {
    const outcome = await outcomeOf(directory, id);
    counts[outcome] += 1;
    console.log(`${id} ${outcome}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return statusOf(counts);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await main(process.argv[2]).catch((error: unknown) => {
  console.error(messageOf(error));
  return 2;
});
