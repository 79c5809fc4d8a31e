import { readFile, rename, rm } from "node:fs/promises";
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

const quiet = () => ({ plugins: [], quiet: true, signal: new AbortController().signal });
const opened = (directory: string, ...settings: readonly string[]) =>
  openPlanning(directory, { ...quiet(), settings: settingsOf(settings, "replanEvery=2") });

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

  // As after the run was moved: its own model needs what was fitted, the simulator nothing.
  await rename(join(folder, "fitted"), join(folder, "left-behind"));
  await expect(opened(directory)).rejects.toThrow("the run's fitted part is not there");
  const oracle = settingsOf(["model.environment=pendulum"], "replanEvery=2");
  const simulated = await openPlanning(directory, { ...quiet(), model: "simulator", settings: oracle });
  expect(simulated.described.model).toMatchObject({ type: "simulator" });
  await simulated.close();
  await rename(join(folder, "left-behind"), join(folder, "fitted"));

  await rm(path);
  await expect(opened(directory)).rejects.toThrow("has not chosen its penalty coefficient yet");
  const named = await opened(directory, "model.penaltyCoefficient=4");
  expect(named.described.model).toMatchObject({ penaltyCoefficient: 4 });
  await named.close();
}, 60_000);
