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
  const names = async () => {
    await mkdir(folder, { recursive: true });
    return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  };
  return {
    has: async (name) => (await names()).includes(`${name}.json`),
    save: async (name, row) => {
      await mkdir(folder, { recursive: true });
      await writeFile(`${folder}/${name}.json`, `${JSON.stringify(row, null, 2)}\n`);
    },
    readAll: async () =>
      Promise.all(
        (await names()).map(async (name) => schema.parse(JSON.parse(await readFile(`${folder}/${name}`, "utf8")))),
      ),
  };
}
