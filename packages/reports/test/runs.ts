import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificate, Certificates } from "@lowerbound/core";
import { onTestFinished } from "vitest";
import type { Summariser, Summary, TaskComparison } from "../src/index.js";

/** A fresh folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lowerbound-reports-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean and extremes, which can be told by hand. */
const summarise = (values: readonly number[]): Summary => {
  const centre = meanOf(values);
  return values.length < 2 ? { centre } : { centre, low: Math.min(...values), high: Math.max(...values) };
};

export const extremes: Summariser = { centre: "mean", interval: "extremes", summarise };

/** Means of all runs, shares, and wins over the first run. */
export const byHand: TaskComparison = {
  overTasks: (scores) => summarise(scores.flat()),
  profile: (scores, levels) =>
    levels.map((level) => ({ centre: meanOf(scores.flat().map((score) => (score > level ? 1 : 0))) })),
  improvement: (scores, on) => ({
    centre: meanOf(scores.flatMap((runs, task) => runs.map((run) => (run > on[task]![0]! ? 1 : 0)))),
  }),
};

export interface RunFiles {
  readonly algorithm?: string;
  readonly seed?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Files to write instead; null: none. */
  readonly files?: Readonly<Record<string, string | null>>;
}

const STEPS = [100, 200, 300, 400];

/** Write a run's directory; figures are simple functions of seed and step. */
export async function writeRun(directory: string, run: RunFiles = {}): Promise<string> {
  const { algorithm = "mopo", seed = 0, options = {}, files = {} } = run;
  await mkdir(directory, { recursive: true });
  const content: Record<string, string | null> = {
    "config.json": json({
      seed,
      dataset: { type: "jsonl", path: `/data/${seed}/log.jsonl` },
      algorithm: { type: algorithm, ...options },
    }),
    "metrics.jsonl": rowsOf(seed)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
    "result.json": json(resultOf(seed)),
    ...files,
  };
  for (const [name, text] of Object.entries(content)) if (text !== null) await writeFile(join(directory, name), text);
  return directory;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function rowsOf(seed: number): readonly object[] {
  const model = [1, 2, 3].map((epoch) => ({ phase: "dynamics", step: 10 * epoch, holdoutError: 1 / epoch + seed }));
  const training = STEPS.map((step) => ({
    phase: "train",
    step,
    qMean: step / 10 + seed,
    targetMean: step / 10,
    dataQ: step / 8,
    modelQ: step / 9,
    qGap: step / 72,
    penalty: 0.5 + seed / 10,
    modelReward: 2 + seed,
    reshapedReward: 1 + seed,
    rolloutTerminations: 0.01,
    "own/figure": step,
  }));
  const measured = STEPS.map((step) => ({ phase: "train", step, return: step + 10 * seed }));
  return [...model, ...training, ...measured];
}

/** What `result.json` holds of a run that was evaluated. */
export const resultOf = (seed: number): object => ({
  dataset: { name: "log", episodes: 3, steps: 90, returns: { mean: 250, std: 10 } },
  trained: { updates: 400 },
  evaluation: {
    returns: [400 + seed, 402 + seed],
    mean: 401 + seed,
    std: 1,
    normalisedScore: 40.1,
    environmentId: "Toy",
  },
  imagined: { returns: [500, 520], mean: 510 },
  seconds: { train: 90, evaluation: 30 },
});

const stepBin = (from: number, to: number) => ({
  ...{ from, to, rows: 9, meanPenalty: 1, meanError: from / 10 },
  lowerQuartile: from / 20,
  upperQuartile: from / 8,
});

export const calibration = json({
  version: 1,
  model: {
    rows: 90,
    heldOut: "rows",
    oneStep: {
      normalised: 0.25,
      perDimension: [
        { name: "observation 0", rmse: 0.5, spread: 4 },
        { name: "reward", rmse: 0.75, spread: 0 },
      ],
    },
    saturation: { atMinimum: 0.125, atMaximum: 0 },
    multimodality: [{ name: "observation 0", gain: 0.5, separation: 2, share: 0.25, multimodal: true }],
    kStep: [1, 2, 3].map((step) => ({ step, rows: 9, normalised: step / 10 })),
    coverage: [0.5, 0.9].map((level) => ({ level, covered: level - 0.1 })),
  },
  penalties: [
    {
      type: "max-aleatoric",
      on: "held-out",
      rows: 90,
      coverage: 0.875,
      reliability: [1, 2].map((bin) => ({ rows: 45, meanPenalty: bin, meanError: bin / 2, coverage: 1 })),
      along: [1, 2, 3].map((step) => stepBin(step, step)),
    },
    { type: "max-aleatoric", on: "visits", rows: 90, along: [1, 11, 21].map((from) => stepBin(from, from + 9)) },
  ],
  refused: [{ type: "bellman-inconsistency", on: "visits", reason: "there is no critic" }],
});

const interval = (value: number, size: number) => ({ value, interval: { low: value - size, high: value + size } });
const check = { rows: 400, episodes: 12, covered: 0.93, meanPenalty: 1.5, meanError: 0.8, worstRatio: 2.1 };
const truth = {
  environmentId: "Toy-v1",
  episodes: 5,
  discountedReturn: interval(198, 4),
  cut: 0.2,
  gain: 33,
  visits: { ...check, covered: 0.81 },
};

/** A certificate as `lowerbound certify` writes it; figures are plain. */
export const certificateOf = (change: Partial<Certificate> = {}): Certificate => ({
  kind: "conditional",
  standing: "conditional",
  reasons: [],
  bound: { value: -1200, low: -1234.5678, confidence: 0.95, least: -2000, vacuous: false },
  discount: 0.99,
  horizon: 1000,
  starts: 256,
  modelReturn: interval(231, 3),
  penalty: {
    type: "max-aleatoric",
    unit: "state",
    lambda: 12.5,
    scale: 2,
    coefficient: 25,
    calibrated: true,
    level: 0.9,
    epsilon: 114.4,
    cost: 1430,
  },
  value: { source: "fqe", lipschitz: 12.6, pairs: 3200, within: 0.999, largest: 260, estimate: 205 },
  tail: -1,
  rewards: { minimum: -20, maximum: 4 },
  heldOut: { kind: "rows", check, beyond: 0.2 },
  assumptions: [
    { name: "u >= error", states: "it covers", verdict: "not seen to fail", seen: "held at 93.0 % of 400 rows" },
    { name: "starts", states: "as logged", verdict: "cannot be checked", seen: "the log's are used" },
  ],
  truth,
  ...change,
});

/** `certificate.json` of some certificates. */
export const certificates = (...each: readonly Certificate[]): string =>
  json({ version: 1, seed: 0, certificates: [...each] } satisfies Certificates);

const REFUSED = { method: "wis", refused: "the policy gives no log-probability of actions" };

/**
 * `ope.json` of two runs' last policies; the estimates rank them against their true returns, and above both the policy of
 * the run `unknown`, whose true return nobody recorded.
 */
export function ope({ discount = 0.99, truths = true, unknown = "" } = {}): string {
  const policy = (run: string, value: number, truth: number | undefined, change: object = {}) => ({
    run: `/runs/${run}`,
    policy: "last",
    ...(truths ? { truth } : {}),
    outcomes: [{ method: "fqe", estimate: { ...interval(value, 2.5), episodes: 9, ...change } }, REFUSED],
  });
  const quality = truths ? { quality: { candidates: 2, rankCorrelation: -1, regretAtOne: 30 } } : {};
  const others = unknown === "" ? [] : [policy(unknown, 20, undefined)];
  const order = [...others.map(({ run }) => `${run} last`), "/runs/b last", "/runs/a last"];
  return json({
    version: 1,
    seed: 0,
    options: { discount, confidence: 0.95 },
    policies: [policy("a", 7.5, 100, { warning: "few copies" }), policy("b", 12.5, 70), ...others],
    rankings: [{ method: "fqe", selection: { order, ...quality } }],
  });
}
