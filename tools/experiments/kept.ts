import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import type { z } from "zod";

/** Finished rows, each a file of its own, so that what is there need not be made again. */
export interface Kept<Row> {
  has(name: string): Promise<boolean>;
  save(name: string, row: Row): Promise<void>;
  /** All of them, by name. */
  readAll(): Promise<Row[]>;
}

/** The rows of a folder, which need not exist yet. */
export function keptIn<Schema extends z.ZodType>(folder: string, schema: Schema): Kept<z.output<Schema>> {
  return {
    has: async (name) => existsSync(`${folder}/${name}.json`),
    save: async (name, row) => {
      await mkdir(folder, { recursive: true });
      await writeFile(`${folder}/${name}.json`, `${JSON.stringify(row, null, 2)}\n`);
    },
    readAll: async () => {
      const files = existsSync(folder) ? await readdir(folder) : [];
      const rows = files.filter((name) => name.endsWith(".json")).sort();
      return Promise.all(
        rows.map(async (name) => schema.parse(JSON.parse(await readFile(`${folder}/${name}`, "utf8")))),
      );
    },
  };
}
