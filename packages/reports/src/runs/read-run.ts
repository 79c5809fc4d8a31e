import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Certificates, certificatesSchema, FileError } from "@lowerbound/core";
import { fileError, outgrownAt } from "@lowerbound/runs";
import type { z } from "zod";
import { type Calibration, calibrationSchema } from "./calibration.js";
import { type Ope, opeSchema } from "./ope.js";
import { type Plan, planSchema } from "./plan.js";
import { type Prediction, predictionSchema } from "./prediction.js";
import { configSchema, type Row, type RunResult, resultSchema, rowSchema } from "./schemas.js";

/** What a run's directory holds; a file that is missing or torn is left out and has a note. */
export interface RunRecord {
  readonly name: string;
  readonly directory: string;
  readonly config: Readonly<Record<string, unknown>> | undefined;
  readonly rows: readonly Row[];
  readonly result: RunResult | undefined;
  readonly calibration: Calibration | undefined;
  readonly ope: Ope | undefined;
  readonly plan: Plan | undefined;
  readonly prediction: Prediction | undefined;
  readonly certificate: Certificates | undefined;
  readonly notes: readonly string[];
}

type Note = (text: string) => void;

/** Read a run's directory; nothing in it is altered. @throws FileError if there is no such directory */
export async function readRun(directory: string, name: string): Promise<RunRecord> {
  await checkFolder(directory);
  const notes: string[] = [];
  const note: Note = (text) => notes.push(text);
  const json = <T>(file: string, schema: z.ZodType<T>, missing?: string) =>
    readJson(join(directory, file), file, schema, note, missing);
  const config = await json(
    "config.json",
    configSchema,
    "config.json is missing: the run cannot be told from others by it",
  );
  return {
    name,
    directory,
    config,
    rows: await readRows(join(directory, "metrics.jsonl"), note),
    result: ofNow(
      await json("result.json", resultSchema, "result.json is missing: the run has not ended (yet)"),
      config,
      note,
    ),
    calibration: await json("calibration.json", calibrationSchema),
    ope: await json("ope.json", opeSchema),
    plan: await json("plan.json", planSchema),
    prediction: await json("prediction.json", predictionSchema),
    certificate: await json("certificate.json", certificatesSchema),
    notes,
  };
}

/** The result, unless the run is being trained on and the result is of fewer updates. */
function ofNow(result: RunResult | undefined, config: RunRecord["config"], note: Note): RunResult | undefined {
  const updates = outgrownAt(result, config);
  if (updates === undefined) return result;
  note(`result.json is left out: it is of ${updates} updates, and the run goes on to more (and has not ended yet)`);
  return undefined;
}

async function checkFolder(directory: string): Promise<void> {
  const folder = await stat(directory).catch((error: unknown) => {
    throw fileError(error, directory, "read");
  });
  if (folder.isDirectory()) return;
  throw new FileError("not a directory", { where: directory, expected: "a run's directory (with config.json)" });
}

/** A file's text, or undefined where there is none; what cannot be read has a note. */
async function readText(path: string, file: string, note: Note, missing?: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code !== "ENOENT") note(`${file} cannot be read (${code})`);
    else if (missing !== undefined) note(missing);
    return undefined;
  }
}

async function readJson<T>(
  path: string,
  file: string,
  schema: z.ZodType<T>,
  note: Note,
  missing?: string,
): Promise<T | undefined> {
  const text = await readText(path, file, note, missing);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (value === undefined) note(`${file} is torn: it is not whole JSON, and is left out`);
  const checked = schema.safeParse(value);
  if (value === undefined || checked.success) return checked.data;
  const { path: at, message } = checked.error.issues[0] ?? { path: [], message: "of another layout" };
  note(`${file} is left out: ${at.length === 0 ? "" : `${at.join(".")}: `}${message}`);
  return undefined;
}

async function readRows(path: string, note: Note): Promise<readonly Row[]> {
  const text = await readText(path, "metrics.jsonl", note, "metrics.jsonl is missing: there are no curves");
  const lines = (text ?? "").split("\n").filter((line) => line.trim() !== "");
  const rows = lines.flatMap((line) => rowSchema.safeParse(parsed(line)).data ?? []);
  const lost = lines.length - rows.length;
  if (lost > 0) note(`metrics.jsonl: ${lost} of ${lines.length} lines are torn, and are left out`);
  return rows;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names that tell directories apart: their last parts, as many as needed. */
export function runNames(directories: readonly string[]): readonly string[] {
  const parts = directories.map((each) => resolve(each).split(/[\\/]/).filter(Boolean));
  return parts.map((own, at) => {
    for (let count = 1; count < own.length; count++) {
      const name = own.slice(-count).join("/");
      if (parts.every((other, i) => i === at || other.slice(-count).join("/") !== name)) return name;
    }
    return own.join("/");
  });
}
