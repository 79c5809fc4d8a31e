// The example package of somebody else: built against the packed packages, installed, listed, trained, planned, reported.
import { cp, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Tarball } from "../release/stage.js";
import { root, type WorkspacePackage } from "../workspace/packages.js";
import { mustRun, userEnvironment } from "../workspace/shell.js";
import { check } from "./example.js";
import { writePendulumLog } from "./pendulum-log.js";
import { installAlone, removeFolder } from "./user-folder.js";

const name = "lowerbound-example-plugin";
const source = join(root, "examples", "third-party");

/** Does all that the package's README promises, in an empty folder. @throws what is wrong */
export async function thirdParty(
  cli: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  tarballs: readonly Tarball[],
): Promise<string> {
  const folder = await installAlone(cli, packages, tarballs, "ignored");
  try {
    await installPlugin(folder);
    await writePendulumLog(join(folder, "log.jsonl"));
    const lowerbound = (...args: readonly string[]) =>
      check(`lowerbound ${args[0]}`, join(folder, "node_modules", ".bin", "lowerbound"), args, folder);
    await listed(lowerbound);
    await used(lowerbound);
    await reported(lowerbound, folder);
    return "works";
  } finally {
    await removeFolder(folder);
  }
}

/** Builds against the installed types, and installs what npm would publish. */
async function installPlugin(folder: string): Promise<void> {
  const beside = join(folder, "plugin");
  const isSource = (path: string) => !["node_modules", "dist"].includes(basename(path));
  await cp(source, beside, { recursive: true, filter: isSource });
  await mustRun(join(root, "node_modules", ".bin", "tsc"), ["-p", beside], { cwd: folder });
  const env = userEnvironment();
  const packed = await mustRun("npm", ["pack", "--ignore-scripts", "--loglevel=error"], { cwd: beside, env });
  const tarball = join("plugin", packed.trim().split("\n").at(-1) ?? "");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await mustRun("npm", ["install", ...flags, `./${tarball}`], { cwd: folder, env });
  await rm(beside, { recursive: true });
}

type Lowerbound = (...args: readonly string[]) => Promise<string>;

async function listed(lowerbound: Lowerbound): Promise<void> {
  for (const [kind, type, option] of [
    ["penalty", "disagreement", "power"],
    ["planner", "hill-climb", "rounds"],
    ["planning-model", "nearest-step", "penaltyCoefficient"],
    ["algorithm", "nearest-best", "share"],
  ] as const) {
    expectIn(await lowerbound("components", kind, "--plugin", name), `${kind} ${type}: `);
    expectIn(await lowerbound("components", kind, type, "--plugin", name), `  ${option} `);
  }
}

const data = ["--dataset", "jsonl", "--dataset.path", "log.jsonl", "--dataset.episode", "run"];
const common = [...data, "--dataset.truncation", "truncated", "--termination", "never", "--quiet"];
const model = ["--dynamics", "ensemble", "--dynamics.maximumEpochs", "1", "--penalty", "disagreement"];
const mopo = ["--algorithm", "mopo", "--algorithm.updates", "20", "--algorithm.rolloutBatch", "64"];
const measured = ["--evaluation", "simulator", "--evaluation.environment", "pendulum", "--evaluation.episodes", "1"];

async function used(lowerbound: Lowerbound): Promise<void> {
  const train = (directory: string, ...flags: readonly string[]) =>
    lowerbound("train", "--plugin", name, "--directory", directory, ...common, ...measured, ...flags);
  await train("runs/own-penalty", ...model, ...mopo, "--algorithm.modelReturnHorizon", "5");
  await train("runs/own-algorithm", "--algorithm", "nearest-best");
  const small = ["--set", "planner.rounds=2", "--set", "planner.horizon=5", "--steps", "3", "--quiet"];
  const plan = (...flags: readonly string[]) =>
    lowerbound("plan", "runs/own-penalty", "--planner", "hill-climb", ...small, ...flags);
  const own = await plan("--plugin", name, "--model", "nearest-step");
  expectIn(own, "hill-climb in nearest-step, probabilities by penalty");
  expectIn(await plan(), "hill-climb in dynamics");
}

async function reported(lowerbound: Lowerbound, folder: string): Promise<void> {
  await lowerbound("report", "runs/own-penalty", "runs/own-algorithm", "--output", "page");
  const page = await readFile(join(folder, "page", "report.html"), "utf8");
  for (const type of ["disagreement", "nearest-best", "hill-climb"]) expectIn(page, type);
}

function expectIn(text: string, wanted: string): void {
  if (!text.includes(wanted)) throw new Error(`"${wanted}" is not in what was printed\n${text.slice(0, 2000)}`);
}
