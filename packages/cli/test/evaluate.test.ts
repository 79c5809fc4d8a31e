import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { expect, test } from "vitest";
import { circleEpisode, common } from "./circle-runs.js";
import { cli, temporaryFolder } from "./helpers.js";

/** The directory of a run of behaviour cloning. */
async function clonedRun(...flags: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const [data, run] = [join(folder, "data.hdf5"), join(folder, "run")];
  await writeD4rl(data, [circleEpisode(0), circleEpisode(1)]);
  const training = ["--algorithm=behaviour-cloning", "--algorithm.updates=1", ...flags];
  expect(await cli(...common(data, run), ...training)).toMatchObject({ code: 0, err: "" });
  return run;
}

test("a seed on the command line wins over the evaluation's own, which holds where there is none", async () => {
  const run = await clonedRun("--evaluation.seed=7");
  const returnsOf = async (...flags: readonly string[]): Promise<unknown> => {
    const { out, err } = await cli("evaluate", run, "--json", ...flags);
    expect(err).toBe("");
    return JSON.parse(out).returns;
  };
  const own = await returnsOf();
  expect(await returnsOf("--seed=7")).toEqual(own);
  const other = await returnsOf("--seed=8");
  expect(other).not.toEqual(own);
  expect(await returnsOf("--evaluation.seed=8")).toEqual(other);
}, 60_000);

test("an environment of other sizes than the data is refused by name", async () => {
  const run = await clonedRun();
  const { code, err } = await cli("evaluate", run, "--environment=hopper");
  expect(code).toBe(1);
  expect(err).toMatch(
    /evaluation\.environment Hopper-v5: the data have [\s\S]*expected: 11 and 3 entries\n {2}remedy: /,
  );
}, 60_000);

test("a misspelt flag is answered with the flags of this command", async () => {
  const run = await clonedRun();
  const { code, err } = await cli("evaluate", run, "--episode=3");
  expect(code).toBe(1);
  expect(err).toMatch(
    /--episode: no such flag\n {2}expected: one of --episodes, --seed, .*--help, .*or --KIND\.OPTION/,
  );
  expect(err).toContain("did you mean --episodes?");
  expect(err).not.toContain("--resume");
}, 60_000);
