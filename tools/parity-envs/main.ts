import { readdir } from "node:fs/promises";
import { environmentType } from "@lowerbound/environments";
import { checkEnvironment, loadEnvironmentGolden } from "@lowerbound/testing";

const SUFFIX = ".facts.json";

type Outcome = "passed" | "failed" | "skipped";

async function outcomeOf(directory: string, id: string): Promise<Outcome> {
  if (environmentType(id) === undefined) return "skipped";
  try {
    const checks = await checkEnvironment(await loadEnvironmentGolden(directory, id));
    const failures = checks.filter(({ passed }) => !passed);
    for (const { name, detail } of failures) console.error(`${id} ${name}: ${detail}`);
    return failures.length === 0 ? "passed" : "failed";
  } catch (error) {
    console.error(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    return "failed";
  }
}

/** `npm run parity:envs -- DIR`: a line an environment, then the counts; exit status 1 if one fails. */
async function main(directory: string | undefined): Promise<number> {
  if (directory === undefined) {
    console.error(
      "usage: npm run parity:envs -- DIR\n  DIR holds ID.facts.json, ID.rollouts.json and ID.rollouts.safetensors",
    );
    return 2;
  }
  const ids = (await readdir(directory))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
  const counts: Record<Outcome, number> = { passed: 0, failed: 0, skipped: 0 };
  for (const id of ids.sort()) {
    const outcome = await outcomeOf(directory, id);
    counts[outcome] += 1;
    console.log(`${id} ${outcome}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 || ids.length === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv[2]);
