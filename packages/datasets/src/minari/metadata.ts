import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError, FileError } from "@lowerbound/core";
import { z } from "zod";
import { fileError } from "../files.js";
import type { Bounds } from "../rows.js";

// zod's number is finite; the bounds of a space need not be.
const bound = z.custom<number>((value) => typeof value === "number");

const boxSchema = z.object({
  type: z.literal("Box"),
  shape: z.array(z.number().int().positive()).length(1),
  low: z.union([bound, z.array(bound)]),
  high: z.union([bound, z.array(bound)]),
});

const metadataSchema = z.object({
  total_episodes: z.number().int().nonnegative(),
  total_steps: z.number().int().nonnegative(),
  data_format: z.string(),
  observation_space: z.string().optional(),
  action_space: z.string().optional(),
  env_spec: z.string().optional(),
  dataset_id: z.string().optional(),
});

export interface MinariFolder {
  readonly path: string;
  readonly dataPath: string;
  readonly metadataPath: string;
  readonly name: string;
  readonly environmentId?: string;
  readonly episodes: number;
  readonly steps: number;
  /** Bounds of each action entry; undefined where the metadata does not say them. */
  readonly actionBounds: readonly Bounds[] | undefined;
}

/** Read the metadata of a folder as the minari package writes it. @throws FileError, DataError */
export async function readMinariFolder(path: string): Promise<MinariFolder> {
  const data = await findData(path);
  const metadataPath = join(data, "metadata.json");
  const text = await readFile(metadataPath, "utf8").catch((error: unknown) => {
    throw fileError(error, metadataPath, "read the metadata of this Minari dataset");
  });
  const metadata = parseWith(metadataSchema, text, metadataPath);
  if (metadata.data_format !== "hdf5") {
    throw new DataError(`the data format is "${metadata.data_format}"`, {
      where: `${metadataPath} data_format`,
      expected: '"hdf5"',
      remedy: 'write the dataset again with data_format="hdf5"',
    });
  }
  return describe(path, data, metadataPath, metadata);
}

function describe(
  path: string,
  data: string,
  metadataPath: string,
  metadata: z.output<typeof metadataSchema>,
): MinariFolder {
  const { action_space, observation_space, env_spec } = metadata;
  if (observation_space !== undefined) checkBox(observation_space, `${metadataPath} observation_space`);
  const box = action_space === undefined ? undefined : checkBox(action_space, `${metadataPath} action_space`);
  const id = env_spec === undefined ? undefined : parseWith(z.object({ id: z.string() }), env_spec, metadataPath).id;
  return {
    path,
    dataPath: join(data, "main_data.hdf5"),
    metadataPath,
    name: metadata.dataset_id ?? basename(path),
    ...(id === undefined ? {} : { environmentId: id }),
    episodes: metadata.total_episodes,
    steps: metadata.total_steps,
    actionBounds: box && boundsOfBox(box),
  };
}

/** The `data` folder, from the dataset's folder, from itself, or from its HDF5 file. */
async function findData(path: string): Promise<string> {
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, "read it");
  });
  if (!facts.isDirectory()) return dirname(path);
  for (const folder of [join(path, "data"), path]) {
    if ((await stat(join(folder, "main_data.hdf5")).catch(() => undefined))?.isFile()) return folder;
  }
  throw new FileError("this folder holds no Minari dataset", {
    where: path,
    expected: "data/main_data.hdf5 and data/metadata.json",
    remedy: "name the folder of one dataset, such as .../mujoco/hopper/medium-v0",
  });
}

function checkBox(text: string, where: string): z.output<typeof boxSchema> {
  const space = parseWith(z.looseObject({ type: z.string() }), text, where);
  const box = boxSchema.safeParse(space);
  if (box.success) return box.data;
  throw new DataError(`the space is a ${space.type} of another form`, {
    where,
    expected: "a Box of one dimension",
    remedy: "flatten the space (gymnasium.wrappers.FlattenObservation) and write the dataset again",
  });
}

function boundsOfBox({ shape, low, high }: z.output<typeof boxSchema>): Bounds[] {
  const at = (bound: number | number[], i: number) => (typeof bound === "number" ? bound : bound[i]);
  return Array.from({ length: shape[0]! }, (_, i) => ({ low: at(low, i) ?? -Infinity, high: at(high, i) ?? Infinity }));
}

// Python's json writes Infinity and NaN, which JSON does not know; 1e999 reads as infinity.
function parseWith<T>(schema: z.ZodType<T>, text: string, where: string): T {
  try {
    const value: unknown = JSON.parse(text.replaceAll(/\bInfinity\b/g, "1e999").replaceAll(/\bNaN\b/g, "null"));
    return schema.parse(value);
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : "this is not JSON";
    throw new DataError(`the metadata cannot be used: ${what}`, {
      where,
      expected: "metadata as the minari package writes it",
      remedy: "copy or download the dataset again",
      cause,
    });
  }
}
