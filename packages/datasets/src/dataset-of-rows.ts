import { createHash } from "node:crypto";
import { type DatasetInfo, type Episode, FileError, type Transitions } from "@lowerbound/core";
import { checkFinite } from "./check-rows.js";
import type { Convention } from "./conventions.js";
import { episodesOf } from "./episodes.js";
import { type FileMark, fingerprintFiles, markFile } from "./files.js";
import { referenceOf } from "./reference-scores.js";
import { summariseReturns } from "./returns.js";
import { type RowSource, using } from "./rows.js";
import type { RowDataset } from "./rows-of-dataset.js";
import { transitionsOfRows } from "./to-transitions.js";

/**
 * A dataset over any layout that can be opened as rows.
 *
 * The file is open only while something is read, also when reading fails; info and transitions are kept.
 */
export function datasetOfRows(open: () => Promise<RowSource>, convention: Convention): RowDataset {
  const openChecked = unchanged(open);
  let info: Promise<DatasetInfo> | undefined;
  let transitions: Promise<Transitions> | undefined;
  return {
    openRows: openChecked,
    info: () => {
      info ??= using(openChecked, (source) => readInfo(source, convention));
      return info;
    },
    episodes: () => eachEpisode(openChecked),
    transitions: () => {
      transitions ??= using(openChecked, (source) => transitionsOfRows(source, convention));
      return transitions;
    },
    close: async () => {
      info = undefined;
      transitions = undefined;
    },
  };
}

async function* eachEpisode(open: () => Promise<RowSource>): AsyncGenerator<Episode> {
  const source = await open();
  try {
    yield* episodesOf(source);
  } finally {
    await source.close();
  }
}

async function readInfo(source: RowSource, convention: Convention): Promise<DatasetInfo> {
  const steps = await source.steps();
  checkFinite(source, source.keys.rewards, steps.rewards, 1, 0);
  const reference = referenceOf(source);
  return {
    name: source.name,
    layout: source.layout,
    path: source.path,
    ...(source.environmentId === undefined ? {} : { environmentId: source.environmentId }),
    observation: source.observation,
    action: source.action,
    episodes: steps.episodeStarts.length - 1,
    steps: source.rows,
    ...boundsOf(source),
    ...(reference === undefined ? {} : { reference }),
    returns: summariseReturns(steps),
    fingerprint: await fingerprintOf(source, convention),
  };
}

const boundsOf = ({ actionBounds }: RowSource): Pick<DatasetInfo, "actionBounds"> =>
  actionBounds.length > 0 && actionBounds.every(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    ? { actionBounds }
    : {};

/** The files' hash, unless they are read otherwise than by default: then one of that hash and the reading. */
async function fingerprintOf({ files, columns, timeLimit }: RowSource, convention: Convention): Promise<string> {
  const content = await fingerprintFiles(files);
  if (convention === "true-next" && columns === undefined && timeLimit === undefined) return content;
  return createHash("sha256")
    .update(`${content} ${JSON.stringify({ convention, columns, timeLimit })}`)
    .digest("hex");
}

/** Refuse a file that another process changed between two reads: half of the numbers would be another dataset's. */
function unchanged(open: () => Promise<RowSource>): () => Promise<RowSource> {
  let first: readonly FileMark[] | undefined;
  return async () => {
    const source = await open();
    const marks = await Promise.all(source.files.map(markFile));
    first ??= marks;
    const changed = marks.findIndex(
      (mark, i) => mark.size !== first?.[i]?.size || mark.modified !== first?.[i]?.modified,
    );
    if (changed < 0) return source;
    await source.close();
    throw new FileError("the file was changed while it was in use", {
      where: source.files[changed] ?? source.path,
      remedy: "start again, and leave the file alone while it is read",
    });
  };
}
