// Runs of the league, each in its folder; what is finished there is not made again.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type CalibrationReport, calibrationSchema } from "@lowerbound/evaluation";
import { readConfig } from "@lowerbound/runs";
import { parse } from "yaml";
import { z } from "zod";
import { type DatasetName, fileOf } from "../experiments/datasets.js";
import { engineArguments, lowerbound, typed } from "../experiments/lowerbound.js";
import type { Entrant } from "./penalties.js";

export interface LeagueOptions {
  /** Folder of runs. */
  readonly runs: string;
  readonly threads: string;
  /** Flags that every training gets besides. */
  readonly flags: readonly string[];
}

export interface LeagueRun {
  readonly name: string;
  readonly dataset: DatasetName;
  /** Folder of the dataset. */
  readonly data: string;
  readonly entrant: Entrant;
  readonly coefficient: number;
  readonly updates: number;
}

const configOf = (dataset: DatasetName): string => `docs/results/configs/${dataset}-mopo.yaml`;

const Config = z.looseObject({
  algorithm: z.looseObject({ penaltyCoefficient: z.number(), updates: z.number().optional() }),
});

/** The coefficient that the dataset's configuration gives the reference. */
export async function publishedCoefficient(dataset: DatasetName): Promise<number> {
  return Config.parse(parse(await readFile(configOf(dataset), "utf8"))).algorithm.penaltyCoefficient;
}

/** What makes a run: arguments of `lowerbound`. */
export const trainingArguments = (run: LeagueRun, { runs, flags }: LeagueOptions): string[] => [
  "train",
  "--config",
  configOf(run.dataset),
  "--dataset.path",
  `${run.data}/${fileOf(run.dataset)}`,
  ...run.entrant.flags,
  "--algorithm.penaltyCoefficient",
  String(run.coefficient),
  "--algorithm.updates",
  String(run.updates),
  "--directory",
  `${runs}/${run.name}`,
  ...flags,
];

const calibrating = (run: LeagueRun, runs: string, visits: number): string[] => [
  "calibrate",
  `${runs}/${run.name}`,
  ...(visits === 0 ? [] : ["--visits", String(visits)]),
];

/** Train and calibrate, or read what was found before; `visits`: episodes in the simulator, 0: none. */
export async function measuredRun(run: LeagueRun, options: LeagueOptions, visits: number): Promise<CalibrationReport> {
  const folder = `${options.runs}/${run.name}`;
  if (existsSync(`${folder}/result.json`)) await checkSettings(run, folder);
  else await lowerbound([...trainingArguments(run, options), ...engineArguments(options.threads)]);
  if (!existsSync(`${folder}/calibration.json`)) await lowerbound(calibrating(run, options.runs, visits));
  return calibrationSchema.parse(JSON.parse(await readFile(`${folder}/calibration.json`, "utf8")));
}

/** @throws Error if a finished run has another coefficient or number of updates */
async function checkSettings({ coefficient, updates }: LeagueRun, folder: string): Promise<void> {
  const { algorithm } = Config.parse(await readConfig(folder));
  if (algorithm.penaltyCoefficient === coefficient && algorithm.updates === updates) return;
  throw new Error(
    `the run in ${folder} was made with other settings: take it away, or name another folder with --runs`,
  );
}

/** A run's commands as a reader types them. */
export const commandsOf = (run: LeagueRun, options: LeagueOptions, visits: number): string[] =>
  [trainingArguments({ ...run, data: "." }, { ...options, runs: "runs" }), calibrating(run, "runs", visits)].map(typed);

const Rolled = z.looseObject({
  trained: z.looseObject({ lastRollout: z.looseObject({ penalty: z.number() }) }),
});

/** Mean u of a finished run's last rollout; null where none was charged there. */
export async function rolloutPenalty(run: LeagueRun, { runs }: LeagueOptions): Promise<number | null> {
  const { trained } = Rolled.parse(JSON.parse(await readFile(`${runs}/${run.name}/result.json`, "utf8")));
  return trained.lastRollout.penalty === 0 ? null : trained.lastRollout.penalty;
}
