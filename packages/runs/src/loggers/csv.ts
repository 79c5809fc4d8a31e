import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineComponent, Logger, type LogRow, type LogSink } from "@lowerbound/core";
import { z } from "zod";
import { fileError } from "../file-errors.js";
import { readIfThere, writeAtomically } from "../files.js";
import { openAppender } from "./appender.js";
import { formatCsv, parseCsv } from "./csv-text.js";
import { checkNames, FIXED_COLUMNS, stays } from "./rows.js";

/** Figures as `metrics.csv`; a figure seen for the first time adds a column at the right. */
export const csv = defineComponent({
  kind: Logger,
  type: "csv",
  summary: "metrics.csv: a column a figure",
  config: z.object({}),
  create: () => ({ open: openCsv }),
});

export async function openCsv(directory: string, resumeAfter: ReadonlyMap<string, number>): Promise<LogSink> {
  const path = join(directory, "metrics.csv");
  const columns = [...(await dropLaterRows(path, resumeAfter))];
  let file = openAppender(path);
  return {
    write: (row) => {
      checkNames(row);
      const added = Object.keys(row.figures).filter((name) => !columns.includes(name));
      if (added.length > 0) {
        file.close();
        try {
          widen(path, [...columns, ...added], added.length);
          columns.push(...added);
        } finally {
          file = openAppender(path);
        }
      }
      file.append(`${renderRow(row, columns)}\n`);
    },
    flush: async () => file.sync(),
    close: async () => file.close(),
  };
}

function renderRow({ phase, step, time, figures }: LogRow, columns: readonly string[]): string {
  const cells = columns.slice(FIXED_COLUMNS.length).map((name) => figures[name] ?? "");
  return formatCsv([phase, step, time, ...cells]);
}

/** Write the file anew with a wider header; rows before get empty cells. */
function widen(path: string, columns: readonly string[], added: number): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const rows = readFileSync(path, "utf8").split("\n").slice(1, -1);
    const lines = [formatCsv(columns), ...rows.map((row) => row + ",".repeat(added))];
    writeFileSync(temporary, lines.map((line) => `${line}\n`).join(""), { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, path, "write");
  }
}

/** Keep the whole rows up to each phase's step; returns the columns. */
async function dropLaterRows(path: string, resumeAfter: ReadonlyMap<string, number>): Promise<readonly string[]> {
  const text = (await readIfThere(path))?.toString("utf8") ?? "";
  const [header = "", ...rows] = text.split("\n").slice(0, -1);
  const columns = text.includes("\n") ? parseCsv(header) : [...FIXED_COLUMNS];
  const kept = rows.filter((row) => {
    const [phase = "", step = ""] = parseCsv(row);
    return stays(resumeAfter, phase, Number(step));
  });
  const content = [formatCsv(columns), ...kept].map((line) => `${line}\n`).join("");
  if (content !== text) await writeAtomically(path, content);
  return columns;
}
