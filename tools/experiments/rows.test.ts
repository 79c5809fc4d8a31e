import { readFile } from "node:fs/promises";
import { createRegistry, parseConfig } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { argumentsOf, rows, shorterOf } from "./rows.js";

const registry = createRegistry(standardComponents);
const Settings = z.looseObject({ dataset: z.looseObject({}), algorithm: z.looseObject({}) });

test("rows have names of their own", () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test("a long row goes on from the shorter ones of its method and seed", () => {
  const long = rows.find(({ name }) => name === "hopper-medium-replay-mopo-100k-2")!;
  expect(shorterOf(long).map(({ name }) => name)).toEqual([
    "hopper-medium-replay-mopo-30k-2",
    "hopper-medium-replay-mopo-20k-2",
  ]);
  expect(shorterOf(rows.find(({ updates }) => updates === 20_000)!)).toEqual([]);
});

test.each([...new Set(rows.map((row) => argumentsOf(row, ".", "runs")[2]!))])("%s is a configuration", async (file) => {
  const settings = Settings.parse(parse(await readFile(file, "utf8")));
  const algorithm = { ...settings.algorithm, updates: 20_000 };
  const parsed = parseConfig(registry, { ...settings, dataset: { ...settings.dataset, path: "log.hdf5" }, algorithm });
  expect(parsed.parts.algorithm).toMatchObject({ updates: 20_000 });
});
