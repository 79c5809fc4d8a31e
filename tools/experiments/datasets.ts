import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { FileError } from "@lowerbound/core";
import { makeRecipe } from "@lowerbound/recipes";

export const datasets = [
  "hopper-medium-replay",
  "halfcheetah-medium-replay",
  "hopper-medium-expert",
  "halfcheetah-medium-expert",
] as const;

export type DatasetName = (typeof datasets)[number];

/** Datasets that are made by their recipe where `--data` has no such file. */
const made: ReadonlySet<string> = new Set<DatasetName>(["hopper-medium-expert"]);

/** The dataset's file, as commands name it. */
export const fileOf = (dataset: DatasetName): string => `${dataset}.hdf5`;

/** The folder that holds the dataset: the given one, or `RUNS/data` for a dataset made here. @throws FileError */
export async function folderOf(dataset: DatasetName, data: string, runs: string): Promise<string> {
  if (existsSync(`${data}/${fileOf(dataset)}`)) return data;
  if (!made.has(dataset)) {
    throw new FileError("no such dataset", {
      where: `${data}/${fileOf(dataset)}`,
      remedy: `name its folder with --data, or make one like it: npm run lowerbound -- data make ${dataset} --out ${data}/${fileOf(dataset)}`,
    });
  }
  const folder = `${runs}/data`;
  const path = `${folder}/${fileOf(dataset)}`;
  if (existsSync(path)) return folder;
  await mkdir(folder, { recursive: true });
  const { episodes, transitions } = await makeRecipe(dataset, { path, seed: 0 });
  console.log(`${path}: made by its recipe, ${transitions} transitions in ${episodes} episodes`);
  return folder;
}
