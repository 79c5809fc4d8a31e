import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { d4rlFile, textFile } from "./faults/bad-files.js";
import { cli, temporaryFolder, tinyPlugin } from "./helpers.js";

const line = (reward: number, end: boolean) =>
  JSON.stringify({ obs: [0.1, 0.2], action: [0.5], reward, terminated: end });

describe("data info", () => {
  test("reads D4RL's layout by the file's name", async () => {
    const path = await d4rlFile(await temporaryFolder());
    const { code, out } = await cli("data", "info", path);
    expect(code).toBe(0);
    expect(out).toMatch(/^data \(d4rl-hdf5\)\n.*\n {2}2 episodes, 12 steps; observation 3, action 2\n/);
    expect(JSON.parse((await cli("data", "info", path, "--json")).out)).toMatchObject({ episodes: 2, steps: 12 });
  });

  test("reads a log whose columns flags name, by a loader that a flag names", async () => {
    const root = await temporaryFolder();
    const path = await textFile(root, "log.txt", line(1, false), line(2, true), line(5, true));
    const flags = ["--dataset=jsonl", "--dataset.observation=obs"];
    const { code, out, err } = await cli("data", "info", path, ...flags);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/2 episodes, 3 steps; observation 2, action 1\n {2}returns 4\.0 \+- 1\.0, 3\.0 to 5\.0/);
  });
});

describe("data doctor", () => {
  test("reports, as text and as JSON, what info would refuse", async () => {
    const path = await d4rlFile(await temporaryFolder(), {
      rewards: { shape: [12], data: new Float32Array(12).fill(1).fill(Number.NaN, 3, 5) },
    });
    const text = await cli("data", "doctor", path);
    expect(text).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: .*data\.hdf5: training refuses it: 1 error\n/),
    });
    expect(text.out).toMatch(/error: rewards: .*2 values.*\n {4}remedy: /);
    const json = await cli("data", "doctor", path, "--json");
    expect(json.code).toBe(1);
    const report = JSON.parse(json.out);
    expect(report.columns.find(({ key }: { key: string }) => key === "rewards")).toMatchObject({
      nonFinite: 2,
      firstNonFiniteRow: 3,
    });
  });
});

test("data doctor goes through where nothing is an error; one episode is not called several", async () => {
  const path = await textFile(await temporaryFolder(), "log.jsonl", line(1, true).replace("obs", "observation"));
  expect(await cli("data", "doctor", path)).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("  1 episode, 1 step;"),
  });
  expect((await cli("data", "info", path)).out).toContain("  1 episode, 1 step;");
});

describe("data make", () => {
  test("makes the same bytes from the same seed, whatever the threads", async () => {
    const root = await temporaryFolder();
    const make = (out: string, ...flags: string[]) =>
      cli("data", "make", "hopper-medium", `--out=${join(root, out)}`, "--transitions=300", "--quiet", ...flags);
    const first = await make("a.hdf5", "--seed=3", "--workers=0");
    expect(first).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/a\.hdf5: 300 transitions in \d+ episodes/),
    });
    await make("b.hdf5", "--seed=3", "--workers=1");
    await make("c.hdf5", "--seed=4", "--workers=0");
    const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => readFile(join(root, `${name}.hdf5`))));
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
    expect((await cli("data", "info", join(root, "a.hdf5"))).out).toMatch(
      /Hopper-v5[\s\S]*300 steps; observation 11, action 3/,
    );
  });

  test("list names the recipes; a misspelt one is refused with the nearest", async () => {
    const list = await cli("data", "list");
    expect(list.out).toMatch(/^hopper-medium-replay +120000 +/m);
    const root = await temporaryFolder();
    const wrong = await cli("data", "make", "hoper-medium", `--out=${join(root, "x.hdf5")}`);
    expect(wrong).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/did you mean "hopper-medium"/) });
    expect(await readdir(root)).toEqual([]);
  });
});

describe("evaluate", () => {
  const train = (directory: string, path: string) => [
    "train",
    `--plugin=${tinyPlugin}`,
    "--engine=tiny",
    "--algorithm=tiny",
    "--dataset=jsonl",
    `--dataset.path=${path}`,
    `--directory=${directory}`,
    "--quiet",
  ];
  /** A log with Pendulum's sizes. */
  const pendulumLog = (root: string) =>
    textFile(root, "log.jsonl", '{"observation":[1,0,0],"action":[0.5],"reward":0,"terminated":true}');

  test("without an evaluation goes where the data come from, or where a flag says", async () => {
    const root = await temporaryFolder();
    const directory = join(root, "run");
    const path = await pendulumLog(root);
    expect(await cli(...train(directory, path), "--dataset.environmentId=Pendulum-v1")).toMatchObject({
      code: 0,
      err: "",
    });
    const own = await cli("evaluate", directory, "--episodes=2", "--seed=4", "--json");
    expect(JSON.parse(own.out)).toMatchObject({ environmentId: "Pendulum-v1", lengths: [200, 200] });
    const named = await cli("evaluate", directory, "--episodes=2", "--seed=4", "--json", "--environment=pendulum");
    expect(named.out).toBe(own.out);
  });

  test("asks for an environment that nothing names, before anything is trained where it can", async () => {
    const root = await temporaryFolder();
    const path = await pendulumLog(root);
    const [directory, other] = [join(root, "run"), join(root, "other")];
    expect((await cli(...train(directory, path))).code).toBe(0);
    expect((await cli("evaluate", directory)).err).toMatch(
      /--environment: the run has no evaluation[\s\S]*remedy: .*ope, calibrate and certify need none/,
    );
    const refused = await cli(...train(other, path), "--evaluation=simulator", "--evaluation.environment=hopper");
    expect(refused.err).toMatch(/Hopper-v5: the data have 3 observation and 1 action entries\n {2}expected: 11 and 3/);
  });
});
