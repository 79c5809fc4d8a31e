import { readFile } from "node:fs/promises";
import { DataError, FileError } from "@lowerbound/core";
import { checkKnownParts, checkMdp, checkPolicy, type TabularMdp, type TabularPolicy } from "@lowerbound/environments";
import type { KnownParts, RewardRange, TabularSamples } from "@lowerbound/evaluation";
import { fileError } from "@lowerbound/runs";
import { z } from "zod";
import { flatPairs, flatTriples, LAYOUT } from "./tabular-layout.js";

const finite = z.number();
const byPair = z.array(z.array(finite).min(1)).min(1);
const process = z.strictObject({
  transitions: z.array(z.array(z.array(finite))).describe("probability of the next state, [state, action, next state]"),
  rewards: byPair.describe("expected reward, [state, action]"),
});
const steps = z.array(z.tuple([z.int(), z.int(), finite, z.int()])).min(1);

const tabularSchema = z.strictObject({
  discount: z.number().gte(0).lt(1),
  rewardRange: z.strictObject({ minimum: finite, maximum: finite }).describe("rewards that the task can pay"),
  initial: z.array(finite).min(1).describe("probability of the first state, [state]"),
  terminal: z
    .array(z.union([z.literal(0), z.literal(1)]))
    .optional()
    .describe("1 where an episode ends on arrival"),
  actions: z.int().positive().optional().describe("number of actions, with steps"),
  model: process.optional(),
  error: z
    .strictObject({
      transitions: byPair.describe("claimed total variation from the truth, [state, action]"),
      rewards: byPair.optional().describe("claimed size of the reward's error, [state, action]; 0 if left out"),
    })
    .optional(),
  steps: steps.optional().describe("logged [state, action, reward, next state], in place of model and error"),
  confidence: z.number().gt(0).lt(1).default(0.95).describe("of the errors that steps give, and of the check"),
  heldOut: steps.optional().describe("steps to check the claimed errors on"),
  behaviour: byPair.optional().describe("probability of each action, [state, action]"),
  truth: process.optional().describe("shown beside the certificate, which never sees it; it can only void it"),
});

type Parsed = z.output<typeof tabularSchema>;

/** A tabular task to certify, its arrays flat. */
export interface TabularTask {
  readonly known: KnownParts;
  readonly range: RewardRange;
  readonly confidence: number;
  readonly claim:
    | { readonly model: TabularMdp; readonly transitions: Float64Array; readonly rewards: Float64Array }
    | { readonly steps: TabularSamples };
  readonly heldOut: TabularSamples | undefined;
  readonly behaviour: TabularPolicy | undefined;
  readonly truth: TabularMdp | undefined;
}

/** Read and check a tabular task. @throws FileError for what is no such file; DataError for sizes or probabilities */
export async function readTabularFile(path: string): Promise<TabularTask> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw fileError(error, path, "read");
  });
  const parsed = tabularSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return taskOf(parsed.data);
  const { path: at, message } = parsed.error.issues[0]!;
  throw new FileError(`${at.length === 0 ? "" : `${at.join(".")}: `}${message}`, { where: path, ...LAYOUT });
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError("not whole JSON", {
      where: path,
      expected: "a run's directory, or a tabular task as JSON",
      ...LAYOUT,
      cause: error,
    });
  }
}

function taskOf(file: Parsed): TabularTask {
  const { discount, rewardRange: range, initial, confidence, heldOut, behaviour, truth } = file;
  const states = initial.length;
  const actions = file.actions ?? (file.model ?? truth)?.rewards[0]?.length;
  if (actions === undefined) throw new DataError("left out", { where: "actions", ...LAYOUT });
  const terminal = Uint8Array.from(file.terminal ?? initial.map(() => 0));
  const known = { states, actions, initial: Float64Array.from(initial), terminal, discount };
  within("the task", () => checkKnownParts(known));
  const mdp = (process: NonNullable<Parsed["model"]>, where: string): TabularMdp => {
    const transitions = flatTriples(process.transitions, known, `${where}.transitions`);
    const rewards = flatPairs(process.rewards, known, `${where}.rewards`);
    return within(where, () => checkMdp({ ...known, transitions, rewards }));
  };
  const policy = behaviour === undefined ? undefined : flatPairs(behaviour, known, "behaviour");
  const task: TabularTask = {
    known,
    range,
    confidence,
    claim: claimOf(file, mdp, known),
    heldOut: heldOut === undefined ? undefined : samplesOf(heldOut),
    behaviour: policy,
    truth: truth === undefined ? undefined : mdp(truth, "truth"),
  };
  if (policy !== undefined) {
    const any = { ...known, transitions: new Float64Array(0), rewards: new Float64Array(0) };
    within("behaviour", () => checkPolicy(any, policy));
  }
  return task;
}

type Flatten = (process: NonNullable<Parsed["model"]>, where: string) => TabularMdp;

function claimOf({ model, error, steps: log }: Parsed, mdp: Flatten, known: KnownParts): TabularTask["claim"] {
  if (log !== undefined && model === undefined && error === undefined) return { steps: samplesOf(log) };
  if (log !== undefined || model === undefined || error === undefined) {
    throw new DataError("what the certificate rests on is not clear", {
      where: "model, error, steps",
      expected: "either model and error, or steps",
      ...LAYOUT,
    });
  }
  const transitions = claimed(error.transitions, known, "error.transitions");
  const rewards =
    error.rewards === undefined ? new Float64Array(transitions.length) : claimed(error.rewards, known, "error.rewards");
  return { model: mdp(model, "model"), transitions, rewards };
}

function claimed(values: readonly (readonly number[])[], known: KnownParts, where: string): Float64Array {
  const all = flatPairs(values, known, where);
  const bad = all.findIndex((value) => value < 0);
  if (bad < 0) return all;
  const pair = `${Math.floor(bad / known.actions)}.${bad % known.actions}`;
  throw new DataError(`${all[bad]}`, { where: `${where}.${pair}`, expected: "no negative numbers", ...LAYOUT });
}

/** Say in which entry of the file a size or a probability is wrong. */
function within<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(error.message, { where, ...LAYOUT, cause: error });
  }
}

const samplesOf = (rows: z.output<typeof steps>): TabularSamples => ({
  states: rows.map(([state]) => state),
  actions: rows.map(([, action]) => action),
  rewards: rows.map(([, , reward]) => reward),
  nextStates: rows.map(([, , , next]) => next),
});
