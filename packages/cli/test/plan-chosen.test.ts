import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { expect, test } from "vitest";
import { z } from "zod";
import { settingsOf } from "../src/options/settings.js";
import { openPlanning } from "../src/plan/open-planning.js";
import { circleEpisode, mopo } from "./circle-runs.js";
import { cli, temporaryFolder } from "./helpers.js";

const Result = z.looseObject({
  trained: z.looseObject({
    penaltyCoefficient: z.number(),
    selection: z.looseObject({ rule: z.string(), candidates: z.array(z.looseObject({ score: z.number() })) }),
  }),
});

const opened = (directory: string, ...settings: readonly string[]) =>
  openPlanning(directory, {
    settings: settingsOf(settings, "replanEvery=2"),
    plugins: [],
    quiet: true,
    signal: new AbortController().signal,
  });

test("plans with the penalty at the weight that the run chose, and says where it has not chosen yet", async () => {
  const folder = await temporaryFolder();
  await writeD4rl(
    join(folder, "data.hdf5"),
    Array.from({ length: 20 }, (_, seed) => circleEpisode(seed)),
  );
  const directory = join(folder, "run");
  const automatic = [
    "--algorithm.penaltyCoefficient=auto",
    "--algorithm.penaltyCandidates=0.3,0.7",
    "--algorithm.candidateUpdates=20",
    "--algorithm.valueUpdates=20",
    "--algorithm.calibrationHeldOut=0.5",
  ];
  const flags = mopo(join(folder, "data.hdf5"), directory, 1).filter((flag) => !flag.includes("penaltyCoefficient"));
  expect(await cli(...flags, ...automatic)).toMatchObject({ code: 0, err: "" });
  const path = join(directory, "result.json");
  const { trained } = Result.parse(JSON.parse(await readFile(path, "utf8")));
  expect(trained.selection.rule).toBe("theorem");
  expect([0.3, 0.7]).toContain(trained.penaltyCoefficient);
  const planning = await opened(directory);
  expect(planning.described.model).toMatchObject({ penaltyCoefficient: trained.penaltyCoefficient });
  await planning.close();

  await rm(path);
  await expect(opened(directory)).rejects.toThrow("has not chosen its penalty coefficient yet");
  const named = await opened(directory, "model.penaltyCoefficient=4");
  expect(named.described.model).toMatchObject({ penaltyCoefficient: 4 });
  await named.close();
}, 60_000);
