import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import type { z } from "zod";

/** Finished rows, each a file of its own, so that what is there need not be made again. */
export interface Kept<Row> {
  /** Whether a row is there. @throws Error if it was made with other settings than these, which are entries of it */
  has(name: string, settings?: Readonly<Partial<Row>>): Promise<boolean>;
  save(name: string, row: Row): Promise<void>;
  /** All of them, by name. */
  readAll(): Promise<Row[]>;
}

/** The rows of a folder, which need not exist yet. */
export function keptIn<Schema extends z.ZodType>(folder: string, schema: Schema): Kept<z.output<Schema>> {
  const fileOf = (name: string): string => `${folder}/${name}.json`;
  const read = async (file: string) => schema.parse(JSON.parse(await readFile(file, "utf8")));
  return {
    has: async (name, settings) => {
      if (!existsSync(fileOf(name))) return false;
      checkSettings(await read(fileOf(name)), settings ?? {}, fileOf(name));
      return true;
    },
    save: async (name, row) => {
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(name), `${JSON.stringify(row, null, 2)}\n`);
    },
    readAll: async () => {
      const files = existsSync(folder) ? await readdir(folder) : [];
      const rows = files.filter((name) => name.endsWith(".json")).sort();
      return Promise.all(rows.map((name) => read(`${folder}/${name}`)));
    },
  };
}

function checkSettings(row: unknown, settings: object, file: string): void {
  const made = new Map(Object.entries(row ?? {}));
  for (const [name, wanted] of Object.entries(settings)) {
    if (made.get(name) === wanted) continue;
    throw new Error(
      `${file} was made with ${name} ${made.get(name)}, not ${wanted}: keep rows of other settings elsewhere, with --rows and --page`,
    );
  }
}
