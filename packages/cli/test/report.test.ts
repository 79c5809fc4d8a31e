import { cp, mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { overSeeds, overTasks } from "../src/commands/over-seeds.js";
import { cli, temporaryFolder, tinyRun } from "./helpers.js";

test("report: a page of one run in its directory, with the figures of a plug-in's algorithm", async () => {
  const directory = join(await temporaryFolder(), "run");
  await cli(...tinyRun(directory), "--evaluation=tiny");
  const { code, out } = await cli("report", directory);
  expect(code).toBe(0);
  expect(out).toContain(`${join(directory, "report.html")}: 1 run, `);
  const html = await readFile(join(directory, "report.html"), "utf8");
  expect(html).toContain('<title id="figure-count-title">count</title>');
  expect(await readdir(join(directory, "charts"))).toContain("figure-count.svg");
});

test("report: a run that is named twice is one; a copy of it is told", async () => {
  const folder = await temporaryFolder();
  const run = join(folder, "run");
  await cli(...tinyRun(run), "--evaluation=tiny");
  await symlink(run, join(folder, "link"));
  const twice = await cli("report", run, `${run}/`, join(folder, "link"));
  expect(twice).toMatchObject({ code: 0, out: expect.stringContaining(`${join(run, "report.html")}: 1 run, `) });
  await cp(run, join(folder, "copy"), { recursive: true });
  const { err } = await cli("report", run, join(folder, "copy"), "--output", join(folder, "page"));
  expect(err).toMatch(/note: .*: run, copy have the same seed, 0, and count as 2/);
  expect(await readFile(join(folder, "page", "report.html"), "utf8")).toContain("have the same seed, 0");
});

test("report: seeds of many runs together, where --output says; a missing file is told and does not stop it", async () => {
  const folder = await temporaryFolder();
  const runs = [0, 1, 2].map((seed) => join(folder, `seed-${seed}`));
  for (const [seed, run] of runs.entries()) await cli(...tinyRun(run), "--evaluation=tiny", "--seed", String(seed));
  await rm(join(runs[2]!, "result.json"));
  const { code, out, err } = await cli("report", ...runs, "--output", join(folder, "all"));
  expect(code).toBe(0);
  expect(out).toContain("3 runs");
  expect(err).toContain("note: seed-2: result.json is missing");
  expect(await readFile(join(folder, "all", "report.html"), "utf8")).toContain("interquartile mean over seeds");
});

test("report: a directory that is not there is refused", async () => {
  expect(await cli("report", "no-such-run")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/no-such-run/),
  });
});

test("report: folders without a run are left out, and refused where there is nothing else", async () => {
  const folder = await temporaryFolder();
  const [run, empty] = [join(folder, "run"), join(folder, "fitted")];
  await cli(...tinyRun(run));
  await mkdir(empty);
  const both = await cli("report", run, empty, "--output", join(folder, "page"));
  expect(both).toMatchObject({ code: 0, out: expect.stringContaining(": 1 run, ") });
  expect(both.err).toContain(`${empty} is left out: no run lies there`);
  expect(await cli("report", empty)).toMatchObject({ code: 1, err: expect.stringContaining("no run lies there") });
});

test("seeds: the interquartile mean and its bootstrap interval, the same every time; one seed has no interval", () => {
  expect(overSeeds.summarise([7])).toEqual({ centre: 7 });
  const { centre, low, high } = overSeeds.summarise([1, 2, 3, 100]);
  expect(centre).toBe(2.5);
  expect(low).toBeGreaterThanOrEqual(1);
  expect(low).toBeLessThan(2.5);
  expect(high).toBeGreaterThan(2.5);
  expect(overSeeds.summarise([1, 2, 3, 100])).toEqual({ centre, low, high });
});

test("tasks: scores of all runs, profiles and improvement, each with an interval from two runs a task on", () => {
  const [low, high] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ];
  expect(overTasks.overTasks([[1], [3], [5], [100]])).toEqual({ centre: 4 });
  expect(overTasks.overTasks(low!)).toMatchObject({ centre: 2.5, low: 2, high: 3 });
  expect(overTasks.profile(low!, [0, 2.5, 4]).map(({ centre }) => centre)).toEqual([1, 0.5, 0]);
  // Whatever is drawn again, one task lies below 2.5 and the other above.
  expect(overTasks.profile(low!, [2.5])[0]).toEqual({ centre: 0.5, low: 0.5, high: 0.5 });
  expect(overTasks.improvement(high!, low!)).toEqual({ centre: 1, low: 1, high: 1 });
  expect(overTasks.improvement([[1], [1]], [[1], [2]])).toEqual({ centre: 0.25 });
});
