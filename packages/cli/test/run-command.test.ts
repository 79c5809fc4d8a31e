import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readRun, savePlugins } from "../src/run-command.js";
import { temporaryFolder, tinyPlugin } from "./helpers.js";

const CONFIG = '{ "seed": 0 }';

it("plug-ins of a run that was refused are not those of the next one in its directory", async () => {
  const directory = await temporaryFolder();
  await savePlugins(directory, [tinyPlugin]);
  await savePlugins(directory, []);
  expect(await readdir(directory)).toEqual([]);
});

it("a run that has begun keeps its plug-ins, whatever flags go on with it", async () => {
  const directory = await temporaryFolder();
  await savePlugins(directory, [tinyPlugin]);
  await writeFile(join(directory, "config.json"), CONFIG);
  await savePlugins(directory, []);
  expect((await readRun(directory)).plugins).toEqual([tinyPlugin]);
});
