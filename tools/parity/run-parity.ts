import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "@lowerbound/core";
import { type Fixture, type FixtureCheck, loadFixture } from "@lowerbound/testing";
import type { ParityCount } from "./status.js";
import { subjectOf } from "./subjects.js";

const SHOWN = 5;

/** Compare every golden file under a folder, a line each; subjects that do not exist yet are skipped. */
export async function runParity(
  directory: string,
  engine: Engine,
  print: (line: string) => void,
): Promise<ParityCount> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const path of await manifests(directory)) {
    const { verdict, lines } = await judge(join(directory, `${path}.json`), engine);
    count[verdict]++;
    for (const line of [`${path} ${verdict}`, ...lines]) print(line);
  }
  print(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count;
}

async function manifests(directory: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: folder } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const names = (await readdir(join(directory, folder))).filter((name) => name.endsWith(".json")).sort();
    paths.push(...names.map((name) => `${folder}/${name.slice(0, -".json".length)}`));
  }
  return paths;
}

interface Judgement {
  readonly verdict: keyof ParityCount;
  readonly lines: readonly string[];
}

/** Compare one golden file; an error is a failure. */
export async function judge(jsonPath: string, engine: Engine): Promise<Judgement> {
  try {
    const fixture = await loadFixture(jsonPath);
    const subject = subjectOf(fixture);
    if (subject === undefined) return { verdict: "skipped", lines: [] };
    return judgeChecks(fixture, await subject.run(fixture, engine), subject.leavesOut ?? []);
  } catch (error) {
    return { verdict: "failed", lines: [`  ${error instanceof Error ? error.message : String(error)}`] };
  }
}

const RESULTS = /^(out|out64|grad|after\d+|final)\./;

/** A golden result that nothing was compared with fails too, unless the subject says that it leaves it out. */
function judgeChecks(fixture: Fixture, checks: readonly FixtureCheck[], leavesOut: readonly RegExp[]): Judgement {
  const failed = checks.filter(({ passed }) => !passed).sort((a, b) => b.worst - a.worst);
  const compared = new Set(checks.map(({ name }) => name));
  const missed = [...fixture.tensors.keys()].filter(
    (name) => RESULTS.test(name) && !compared.has(name) && !leavesOut.some((pattern) => pattern.test(name)),
  );
  const lines = [
    ...failed
      .slice(0, SHOWN)
      .map(({ name, worst, detail }) => `  ${name}: ${worst.toPrecision(3)} x tolerance, ${detail}`),
    ...(failed.length > SHOWN ? [`  and ${failed.length - SHOWN} more`] : []),
    ...missed.map((name) => `  ${name}: nothing was compared with it`),
  ];
  return { verdict: lines.length > 0 || checks.length === 0 ? "failed" : "passed", lines };
}
