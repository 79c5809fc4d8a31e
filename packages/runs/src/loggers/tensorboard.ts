import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { defineComponent, Logger, type LogSink } from "@lowerbound/core";
import { z } from "zod";
import { fileError } from "../file-errors.js";
import { makeFolder, namesIn } from "../files.js";
import { scalarsEvent, sessionStartEvent, versionEvent } from "../tensorboard/event.js";
import { tfRecord } from "../tensorboard/record.js";
import { type Appender, openAppender } from "./appender.js";
import { checkNames } from "./rows.js";

/**
 * Figures as TensorBoard scalars, a TensorBoard run a phase: `tensorboard/train/events.out.tfevents.*`.
 *
 * A resumed run writes a new file that tells readers to forget what earlier files say after the checkpoint.
 */
export const tensorboard = defineComponent({
  kind: Logger,
  type: "tensorboard",
  summary: "TensorBoard event files in tensorboard/PHASE",
  config: z.object({}),
  create: () => ({ open: openTensorboard }),
});

export async function openTensorboard(directory: string, resumeAfter: ReadonlyMap<string, number>): Promise<LogSink> {
  const root = join(directory, "tensorboard");
  await makeFolder(root);
  const begun = new Map<string, string>();
  for (const phase of await namesIn(root)) {
    const files = (await namesIn(join(root, phase))).filter((name) => name.startsWith(PREFIX));
    if (files.length > 0) begun.set(phase, files.at(-1)!);
  }
  const files = new Map<string, Appender>();
  const fileOf = (phase: string) => {
    const file = files.get(phase) ?? begin(join(root, phase), begun.get(phase), resumeAfter.get(phase));
    files.set(phase, file);
    return file;
  };
  return {
    write: (row) => {
      checkNames(row);
      fileOf(row.phase).append(tfRecord(scalarsEvent(row.time, row.step, row.figures)));
    },
    flush: async () => {
      for (const file of files.values()) file.sync();
    },
    close: async () => {
      for (const file of files.values()) file.close();
    },
  };
}

const PREFIX = "events.out.tfevents.";

/** Start a file that sorts after the ones there, as readers take them in the order of their names. */
function begin(folder: string, last: string | undefined, validStep: number | undefined): Appender {
  const time = Date.now() / 1000;
  const before = last === undefined ? 0 : Number.parseInt(last.slice(PREFIX.length), 10);
  const stamp = Math.max(Math.floor(time), before + 1);
  makeFolderNow(folder);
  const file = openAppender(join(folder, `${PREFIX}${stamp}.${hostname()}.${process.pid}.0`));
  file.append(tfRecord(versionEvent(time)));
  if (last !== undefined) file.append(tfRecord(sessionStartEvent(time, validStep === undefined ? 0 : validStep + 1)));
  return file;
}

function makeFolderNow(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, folder, "write");
  }
}
