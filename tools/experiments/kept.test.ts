import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { keptIn } from "./kept.js";

const Row = z.object({ value: z.number() });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("rows are kept in a folder that need not exist, and read back by name", async () => {
  const kept = keptIn(join(folder, "not", "there"), Row);
  expect(await kept.readAll()).toEqual([]);
  expect(await kept.has("b")).toBe(false);
  await kept.save("b", { value: 2 });
  await kept.save("a", { value: 1 });
  expect(await kept.has("b")).toBe(true);
  expect(await kept.readAll()).toEqual([{ value: 1 }, { value: 2 }]);
});

test("a row made with other settings is no row of these", async () => {
  const kept = keptIn(join(folder, "settings"), Row);
  await kept.save("a", { value: 1 });
  expect(await kept.has("a", { value: 1 })).toBe(true);
  await expect(kept.has("a", { value: 2 })).rejects.toThrow("a.json was made with value 1, not 2: keep rows of other");
});

test("a row of another form is refused", async () => {
  await writeFile(join(folder, "a.json"), '{"value":"one"}');
  await expect(keptIn(folder, Row).readAll()).rejects.toThrow("expected number");
});
