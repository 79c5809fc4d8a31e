// npm run check:packages [-- --only NAME ...]: packs every package and uses each as its users would.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "../release/stage.js";
import { closure, readPackages, root, type WorkspacePackage } from "../workspace/packages.js";
import { mustRun } from "../workspace/shell.js";
import { type Step, stepsOf } from "./steps.js";
import { removeFolder } from "./user-folder.js";

const atOnce = 2;

interface Outcome {
  readonly step: Step;
  readonly failure: string | undefined;
  readonly seen: string;
  readonly seconds: number;
}

function chosen(packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const { only } = values;
  if (only === undefined) return [...packages];
  const known = packages.map(({ short }) => short);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no package ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return packages.filter(({ short }) => only.includes(short));
}

async function perform(step: Step): Promise<Outcome> {
  const start = performance.now();
  const result = await step.run().then(
    (seen) => ({ seen, failure: undefined }),
    (error: unknown) => ({ seen: "failed", failure: error instanceof Error ? error.message : String(error) }),
  );
  const seconds = (performance.now() - start) / 1000;
  console.log(`${step.package.manifest.name} ${step.name}: ${result.seen} (${seconds.toFixed(1)} s)`);
  if (result.failure !== undefined) console.log(result.failure.replaceAll(/^/gm, "    "));
  return { step, seconds, ...result };
}

/** Takes one step after the other, `atOnce` of them at any time. */
async function performAll(steps: readonly Step[]): Promise<Outcome[]> {
  const waiting = [...steps];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) outcomes.push(await perform(step));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

function printTable(packages: readonly WorkspacePackage[], outcomes: readonly Outcome[]): void {
  const columns = ["publint", "attw", "alone", "firewall", "third-party"];
  const rows = packages.map((each) => {
    const own = outcomes.filter(({ step }) => step.package === each);
    const cells = columns.map((column) => [column, own.find(({ step }) => step.name === column)?.seen ?? ""]);
    return [each.manifest.name, Object.fromEntries(cells)] as const;
  });
  console.table(Object.fromEntries(rows));
}

async function main(): Promise<void> {
  const packages = readPackages();
  const checked = chosen(packages);
  const needed = [...new Set(checked.flatMap((each) => closure(each, packages)))];
  const projects = needed.map(({ manifest }) => manifest.name).join(",");
  await mustRun(join(root, "node_modules", ".bin", "nx"), ["run-many", "-t", "build", "-p", projects], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: "false" },
  });
  const output = await mkdtemp(join(tmpdir(), "lowerbound-packed-"));
  try {
    const tarballs = await packAll(needed, output);
    const outcomes = await performAll(checked.flatMap((each) => stepsOf(each, packages, tarballs)));
    printTable(checked, outcomes);
    const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
    console.log(`${outcomes.length - failed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await removeFolder(output);
  }
}

await main();
