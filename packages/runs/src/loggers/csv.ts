import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineComponent, Logger, type LogRow, type LogSink } from "@lowerbound/core";
import { z } from "zod";
import { fileError } from "../file-errors.js";
import { readIfThere, writeAtomically } from "../files.js";
import { openAppender } from "./appender.js";
import { formatCsv, parseCsv } from "./csv-text.js";
import { checkNames, FIXED_COLUMNS, newRows, stays } from "./rows.js";

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
  const { header, kept } = await dropLaterRows(path, resumeAfter);
  const columns = [...header];
  const isNew = newRows(resumeAfter, kept);
  let file = openAppender(path);
  return {
    write: (row) => {
      checkNames(row);
      if (!isNew(row)) return;
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

/** Keep the whole rows up to each phase's step; returns them and the columns. */
async function dropLaterRows(path: string, resumeAfter: ReadonlyMap<string, number>) {
  const text = (await readIfThere(path))?.toString("utf8") ?? "";
  const [first = "", ...rows] = text.split("\n").slice(0, -1);
  const header = text.includes("\n") ? parseCsv(first) : FIXED_COLUMNS;
  const kept = rows.flatMap((line) => {
    const cells = parseCsv(line);
    const [phase = "", step = ""] = cells;
    const names = header.filter((_, column) => column >= FIXED_COLUMNS.length && (cells[column] ?? "") !== "");
    return stays(resumeAfter, phase, Number(step)) ? [{ line, phase, step: Number(step), names }] : [];
  });
  const content = [formatCsv(header), ...kept.map(({ line }) => line)].map((line) => `${line}\n`).join("");
  if (content !== text) await writeAtomically(path, content);
  return { header, kept };
}
