import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeD4rl } from "@lowerbound/datasets";
import { expect, test } from "vitest";
import { planSchema } from "../src/plan/plan-file.js";
import { circleEpisode, common } from "./circle-runs.js";
import { cli, temporaryFolder } from "./helpers.js";

const plugin = `--plugin=${fileURLToPath(new URL("../../../examples/third-party/src/index.ts", import.meta.url))}`;

test("plans by a planner of the user's own in a model of the user's own", async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "data.hdf5");
  await writeD4rl(
    data,
    Array.from({ length: 4 }, (_, seed) => circleEpisode(seed)),
  );
  const directory = join(folder, "run");
  expect(await cli(...common(data, directory), plugin, "--algorithm=nearest-best")).toMatchObject({ code: 0, err: "" });

  const planned = async (...flags: readonly string[]) => {
    const own = ["--model=nearest-step", "--set=planner.horizon=3", "--steps=2", "--seed=1", "--quiet"];
    expect(await cli("plan", directory, plugin, ...own, ...flags)).toMatchObject({ code: 0, err: "" });
    return planSchema.parse(JSON.parse(await readFile(join(directory, "plan.json"), "utf8")));
  };
  const climb = ["--planner=hill-climb", "--set=planner.rounds=2", "--set=planner.population=10"];
  const wary = await planned(...climb);
  expect(wary).toMatchObject({
    pessimism: "penalty",
    planner: { type: "hill-climb" },
    model: { type: "nearest-step" },
  });
  expect(wary.episodes[0]!.plans[0]!.trace).toMatchObject({ kind: "rounds" });
  const bold = await planned(...climb, "--set=planner.pessimism=none");
  expect(bold.pessimism).toBe("none");
  // The same sequences are tried first; distance from the log can only cost.
  expect(wary.episodes[0]!.plans[0]!.score).toBeLessThan(bold.episodes[0]!.plans[0]!.score);
  expect(await planned("--planner=beam-search", "--set=planner.beamWidth=4")).toMatchObject({ pessimism: "penalty" });

  const { err } = await cli("plan", directory, plugin, "--model=nearest-step", "--planner=gradient", "--quiet");
  expect(err).toContain("which step is the nearest changes all at once");
}, 60_000);
