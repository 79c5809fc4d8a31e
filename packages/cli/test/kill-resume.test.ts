import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Episode, Random } from "@lowerbound/core";
import { writeD4rl } from "@lowerbound/datasets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const KILLS = 20;
const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Episodes of a noisy point that is pushed about: 3 observation entries, 1 action. */
function episode(random: Random, length: number): Episode {
  const noise = random.normal(new Float32Array(3 * (length + 1)));
  const actions = random.uniform(new Float32Array(length)).map((value) => 2 * value - 1);
  const observations = new Float32Array(3 * (length + 1));
  for (let i = 3; i < observations.length; i++) {
    observations[i] = 0.9 * observations[i - 3]! + 0.3 * actions[Math.floor(i / 3) - 1]! + 0.05 * noise[i]!;
  }
  const rewards = Float32Array.from(actions, (action, i) => observations[3 * i]! - 0.1 * action * action);
  const sizes = { observation: 3, action: 1, length };
  return { ...sizes, observations, actions, rewards, terminated: false, truncated: true, finalObservationKnown: true };
}

/** A small MOPO run with many checkpoints. */
const flags = (data: string, directory: string) => [
  "train",
  `--directory=${directory}`,
  "--dataset=d4rl-hdf5",
  `--dataset.path=${data}`,
  "--dynamics=ensemble",
  "--dynamics.members=3",
  "--dynamics.elites=2",
  "--dynamics.hiddenSizes=16,16",
  "--dynamics.weightDecays=0,0,0",
  // 400 of the 500 transitions in 25 batches: the fit's checkpoints, every 1000 updates, fall on the end of an epoch.
  "--dynamics.batchSize=16",
  "--dynamics.maximumEpochs=90",
  "--dynamics.patienceEpochs=90",
  "--penalty=max-aleatoric",
  "--termination=never",
  "--optimiser=sac",
  "--optimiser.hiddenSizes=16,16",
  "--algorithm=mopo",
  "--algorithm.updates=4000",
  "--algorithm.batchSize=32",
  "--algorithm.rolloutLength=2",
  "--algorithm.rolloutBatch=100",
  "--algorithm.rolloutFrequency=25",
  "--algorithm.retainedRollouts=2",
  "--algorithm.logEvery=10",
  "--algorithm.checkpointEvery=20",
  "--algorithm.modelReturnHorizon=10",
  "--algorithm.modelReturnStarts=4",
  "--engine=onnx",
  "--engine.threads=1",
  "--seed=3",
  "--quiet",
];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** When to send a signal: some milliseconds after the run opens, writes its next checkpoint, or begins to write one. */
interface Stop {
  readonly signal: "SIGKILL" | "SIGINT";
  readonly once: "open" | "saved" | "saving";
  readonly after: number;
}

/** Run the command line in a process of its own, perhaps not to its end. */
function start(argv: readonly string[], directory: string, stop?: Stop): Promise<Ended> {
  const reached = stop === undefined ? () => false : milestone(directory, stop.once);
  const child = spawn(process.execPath, ["--conditions=@lowerbound/source", "--import", "tsx", MAIN, ...argv]);
  let errors = "";
  child.stderr.on("data", (piece) => {
    errors += piece;
  });
  const watch = setInterval(() => {
    if (!reached()) return;
    clearInterval(watch);
    setTimeout(() => child.kill(stop?.signal), stop?.after);
  }, 1);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearInterval(watch);
      resolve({ code, signal, errors });
    });
  });
}

/** Whether something new has happened in a run's directory since this call. */
function milestone(directory: string, what: Stop["once"]): () => boolean {
  const look = { open: () => lockOf(directory), saved: () => manifests(directory), saving: () => manifests(directory) }[
    what
  ];
  const before = look();
  if (what === "saving") {
    const left = checkpointFiles(directory);
    return () => checkpointFiles(directory).some((name) => name.endsWith(".tmp") && !left.includes(name));
  }
  return () => look() !== before && look() !== "";
}

function lockOf(directory: string): string {
  try {
    return readFileSync(join(directory, "run.lock"), "utf8");
  } catch {
    return "";
  }
}

const manifests = (directory: string): string =>
  checkpointFiles(directory)
    .filter((name) => name.endsWith(".json"))
    .join();

/** Files of checkpoints of training, and of the fit beside the run. */
function checkpointFiles(directory: string): readonly string[] {
  const fitted = namesIn(join(directory, "..", "fitted")).map((name) =>
    join(directory, "..", "fitted", name, "checkpoints"),
  );
  return [join(directory, "checkpoints", "train"), ...fitted].flatMap(namesIn);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Files below a folder by path, the times in figures taken out; TensorBoard's and notes may differ. */
async function contents(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /tensorboard|notes\.log|result\.json|config\.json/.test(path)) continue;
    files[relative(root, path)] = withoutTimes(entry.name, await readFile(path));
  }
  return files;
}

function withoutTimes(name: string, content: Buffer): string {
  if (name === "metrics.jsonl") return content.toString().replaceAll(/"time":[\d.]+/g, "");
  if (name === "metrics.csv") return content.toString().replaceAll(/^(\w+,\d+),[\d.]+/gm, "$1");
  return content.toString("latin1");
}

describe("a MOPO run", () => {
  const random = Random.fromSeed(5);
  let root = "";
  let data = "";
  let calm = "";

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "lowerbound-kill-"));
    data = join(root, "data.hdf5");
    calm = join(root, "calm", "run");
    await writeD4rl(
      data,
      Array.from({ length: 10 }, () => episode(random, 50)),
    );
    expect(await start(flags(data, calm), calm)).toMatchObject({ code: 0, errors: "" });
  }, 120_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  test(`killed ${KILLS} times ends with the bytes of one that was not`, { timeout: 600_000 }, async () => {
    const killed = join(root, "killed", "run");
    const progress = new Set<string>();
    for (const [kill, share] of random.uniform(new Float32Array(KILLS)).entries()) {
      const once = (["saved", "saving", "saved", "open"] as const)[kill % 4]!;
      const after = once === "saving" ? 0 : share * (once === "open" ? 400 : 60);
      const ended = await start(flags(data, killed), killed, { signal: "SIGKILL", once, after });
      expect(ended).toMatchObject({ signal: "SIGKILL" });
      progress.add(manifests(killed));
    }
    // The kills came in the midst of things, fit and training both, and not all at the same point.
    expect(progress.size).toBeGreaterThan(KILLS / 3);
    expect(await start(flags(data, killed), killed)).toMatchObject({ code: 0 });
    const [expected, actual] = [await contents(join(calm, "..")), await contents(join(killed, ".."))];
    const tensors = Object.keys(expected).filter((name) => name.endsWith(".safetensors"));
    expect(tensors.filter((name) => name.includes("step-"))).toHaveLength(2);
    expect(tensors.filter((name) => /last-|fitted-/.test(name))).toHaveLength(2);
    expect(actual).toEqual(expected);
  });

  test("stopped by Ctrl-C saves, says how to go on, and goes on by its directory alone", {
    timeout: 120_000,
  }, async () => {
    const stopped = join(root, "stopped", "run");
    const ended = await start(flags(data, stopped), stopped, { signal: "SIGINT", once: "saved", after: 20 });
    expect(ended).toMatchObject({ code: 130, signal: null });
    expect(ended.errors).toContain(`stopped before the end\n  remedy: lowerbound train --resume ${stopped}\n`);
    expect(existsSync(join(stopped, "run.lock"))).toBe(false);
    expect(await start(["train", "--resume", stopped, "--quiet"], stopped)).toMatchObject({ code: 0, errors: "" });
    const last = (files: Record<string, string>) => Object.entries(files).filter(([name]) => name.includes("last"));
    expect(last(await contents(stopped))).toEqual(last(await contents(calm)));
  });
});
