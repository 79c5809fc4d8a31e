import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Checkpoint,
  createUntypedPipeline,
  FileError,
  type HostTensors,
  type Pipeline,
  unscoped,
} from "@lowerbound/core";
import { outgrownAt, readResult, readSnapshot, snapshotNames } from "@lowerbound/runs";
import { z } from "zod";
import { loadComponents } from "../components.js";
import { readRun } from "../run-command.js";

/** A run's directory with its configured parts; nothing in it is written. */
export interface OpenedRun {
  readonly directory: string;
  readonly pipeline: Pipeline;
}

/** @throws FileError if there is no run, or its files were altered */
export async function openRun(directory: string): Promise<OpenedRun> {
  const { config, plugins } = await readRun(directory);
  return { directory, pipeline: createUntypedPipeline(await loadComponents(plugins), config) };
}

/** A policy as a run keeps it, with its true return where one was recorded. */
export interface SavedPolicy {
  readonly name: string;
  readonly tensors: HostTensors;
  readonly truth: number | undefined;
}

/** The last policy of a run, or also the best and those of its checkpoints. @throws FileError without any */
export async function savedPolicies(directory: string, which: "last" | "all"): Promise<readonly SavedPolicy[]> {
  const names = (await snapshotNames(directory, "train")).filter((name) => which === "all" || name === "last");
  const truths = await recordedReturns(directory);
  const policies: SavedPolicy[] = [];
  for (const name of names) {
    const snapshot = await readSnapshot(directory, "train", name);
    if (snapshot === undefined) continue;
    policies.push({ name, tensors: policyTensors(snapshot), truth: truths(name, snapshot) });
  }
  if (policies.length > 0) return policies;
  throw new FileError("the run has no finished policy", {
    where: directory,
    remedy: `train to the end first: lowerbound train --resume ${directory}`,
  });
}

/** Checkpoints of a trainer may hold more than the policy, its own tensors under `state/`. */
function policyTensors({ tensors }: Checkpoint): HostTensors {
  const state = unscoped("state", tensors);
  return Object.keys(state).length > 0 ? state : tensors;
}

const Result = z.looseObject({ evaluation: z.looseObject({ mean: z.number() }).nullish() });
const Row = z.looseObject({ phase: z.string(), step: z.number(), return: z.number() });

/** True returns that the run recorded: at its end, and where it looked at the simulator during training. */
async function recordedReturns(directory: string) {
  const result = await readResult(directory);
  // Of a run that is trained on: the return of the policy that it ended with before.
  const old = outgrownAt(result, (await readRun(directory)).config) !== undefined;
  const atEnd = old ? undefined : Result.safeParse(result).data?.evaluation?.mean;
  const lines = (await textOf(join(directory, "metrics.jsonl"))).split("\n");
  const rows = lines.flatMap((line) => {
    const row = Row.safeParse(parsed(line));
    return row.success && row.data.phase === "train" ? [[row.data.step, row.data.return] as const] : [];
  });
  const during = new Map(rows);
  return (name: string, { step, data }: Checkpoint): number | undefined => {
    if (name === "last") return atEnd;
    return typeof data.return === "number" ? data.return : during.get(step);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
