import { join } from "node:path";
import { defineComponent, Logger, type LogRow, type LogSink } from "@lowerbound/core";
import { z } from "zod";
import { readIfThere, writeAtomically } from "../files.js";
import { openAppender } from "./appender.js";
import { checkNames, FIXED_COLUMNS, type KeptRow, newRows, stays } from "./rows.js";

const Row = z.looseObject({ phase: z.string(), step: z.number() });
type Row = z.infer<typeof Row>;

/** Figures as `metrics.jsonl`: one object a row, `{"phase","step","time",...figures}`; what is not finite is null. */
export const jsonl = defineComponent({
  kind: Logger,
  type: "jsonl",
  summary: "metrics.jsonl: one JSON object a row",
  config: z.object({}),
  create: () => ({ open: openJsonl }),
});

export async function openJsonl(directory: string, resumeAfter: ReadonlyMap<string, number>): Promise<LogSink> {
  const path = join(directory, "metrics.jsonl");
  const isNew = newRows(resumeAfter, await dropLaterRows(path, resumeAfter));
  const file = openAppender(path);
  return {
    write: (row) => {
      if (isNew(row)) file.append(renderRow(row));
    },
    flush: async () => file.sync(),
    close: async () => file.close(),
  };
}

function renderRow(row: LogRow): string {
  checkNames(row);
  const { phase, step, time, figures } = row;
  return `${JSON.stringify({ phase, step, time, ...figures })}\n`;
}

const fixed: readonly string[] = FIXED_COLUMNS;

/** Keep the whole rows up to each phase's step and return them; a torn last row goes, too. */
async function dropLaterRows(path: string, resumeAfter: ReadonlyMap<string, number>): Promise<readonly KeptRow[]> {
  const text = (await readIfThere(path))?.toString("utf8");
  if (text === undefined) return [];
  const kept = text.split("\n").flatMap((line) => {
    const row = parseRow(line);
    return row !== undefined && stays(resumeAfter, row.phase, row.step) ? [{ line, row }] : [];
  });
  const content = kept.map(({ line }) => `${line}\n`).join("");
  if (content !== text) await writeAtomically(path, content);
  return kept.map(({ row }) => ({ ...row, names: Object.keys(row).filter((name) => !fixed.includes(name)) }));
}

function parseRow(line: string): Row | undefined {
  try {
    return Row.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
