import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CreateContext, Dataset, Episode } from "@lowerbound/core";
import { onTestFinished } from "vitest";
import { d4rlHdf5, jsonl, minari, parquet } from "../src/index.js";

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const nothing: CreateContext = {
  inject: () => {
    throw new Error("datasets need no other component");
  },
  optional: () => undefined,
};

export const openD4rl = (path: string, options: object = {}): Dataset =>
  d4rlHdf5.create(d4rlHdf5.config.parse({ path, ...options }), nothing);
export const openMinari = (path: string, options: object = {}): Dataset =>
  minari.create(minari.config.parse({ path, ...options }), nothing);
export const openJsonl = (path: string, options: object = {}): Dataset =>
  jsonl.create(jsonl.config.parse({ path, ...options }), nothing);
export const openParquet = (path: string, options: object = {}): Dataset =>
  parquet.create(parquet.config.parse({ path, ...options }), nothing);

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lowerbound-datasets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function collect(dataset: Dataset): Promise<Episode[]> {
  const all: Episode[] = [];
  for await (const episode of dataset.episodes()) all.push(episode);
  return all;
}

/** An episode whose numbers say where they come from, as in the fixtures. */
export const episode = (index: number, length: number, terminated: boolean, truncated: boolean): Episode => ({
  observation: 3,
  action: 2,
  length,
  observations: Float32Array.from(
    { length: (length + 1) * 3 },
    (_, i) => 100 * index + Math.floor(i / 3) + (i % 3) / 8,
  ),
  actions: Float32Array.from({ length: length * 2 }, (_, i) => Math.floor(i / 2) / 10 + (i % 2 === 0 ? -0.5 : 0.25)),
  rewards: Float32Array.from({ length }, (_, step) => index + step / 4),
  terminated,
  truncated,
  finalObservationKnown: true,
});

/** The episodes of the fixtures. */
export const fixtureEpisodes: readonly Episode[] = [
  episode(0, 4, true, false),
  episode(1, 3, false, true),
  episode(2, 6, true, true),
  episode(3, 2, false, true),
];

export const logColumns = {
  observation: "o",
  action: ["a0", "a1"],
  reward: "r",
  termination: "done",
  truncation: "cut",
  episode: "ep",
  nextObservation: "after",
};
