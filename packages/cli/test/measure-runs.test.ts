import { copyFile, cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { calibrationSchema } from "@lowerbound/evaluation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opeSchema } from "../src/ope/ope-file.js";
import { circleEpisode, common, mopo } from "./circle-runs.js";
import { cli, penaltyPlugin } from "./helpers.js";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-measure-"));
  const episodes = Array.from({ length: 12 }, (_, seed) => circleEpisode(seed));
  await writeD4rl(at("data.hdf5"), episodes, { environmentId: "Pendulum-v1" });
  await writeD4rl(at("other.hdf5"), episodes.slice(0, 6), { environmentId: "Pendulum-v1" });
  for (const [name, penalty] of [
    ["weak", 0.1],
    ["strong", 5],
  ] as const) {
    expect(await cli(...mopo(at("data.hdf5"), at(name), penalty))).toMatchObject({ code: 0, err: "" });
  }
  const clone = [...common(at("other.hdf5"), at("clone")), "--algorithm=behaviour-cloning", "--algorithm.updates=20"];
  expect(await cli(...clone)).toMatchObject({ code: 0, err: "" });
  const whole = ["--dataset=d4rl-hdf5", `--dataset.path=${at("data.hdf5")}`];
  const share = [
    "--dataset=share",
    "--dataset.share=0.5",
    "--dataset.of=d4rl-hdf5",
    `--dataset.of.path=${at("data.hdf5")}`,
  ];
  const sharing = mopo(at("data.hdf5"), at("share"), 1).filter((flag) => !whole.includes(flag));
  expect(await cli(...sharing, ...share)).toMatchObject({ code: 0, err: "" });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("ope", () => {
  const quick = ["--updates=30", "--repetitions=20", "--horizon=10", "--quiet"];

  test("estimates every kept policy of several runs, ranks them, and judges the ranking by recorded returns", async () => {
    const methods = "--method=fqe,model,wis";
    const own = ["--set=fqe.critics=2", "--set=behaviour.updates=50"];
    const { code, out } = await cli(
      "ope",
      at("weak"),
      at("strong"),
      "--policies=all",
      methods,
      ...quick,
      ...own,
      "--json",
    );
    expect(code).toBe(0);
    const { policies, rankings, ...rest } = opeSchema.parse(JSON.parse(out));
    expect(rest).toMatchObject({
      version: 1,
      seed: 0,
      options: { horizon: 10, repetitions: 20, fqe: { updates: 30, critics: 2 }, behaviour: { updates: 50 } },
    });
    // Two policies in four snapshots: after 20 updates and after 40, the better one of which is also kept as "best".
    const names = policies.filter(({ run }) => run === at("weak")).map(({ policy }) => policy);
    expect(names).toEqual(["last", expect.stringMatching(/^(best|step-000000020)$/)]);
    for (const { truth, outcomes } of policies) {
      expect(truth).toBeLessThan(0);
      for (const outcome of outcomes) {
        if (!("estimate" in outcome)) throw new Error(JSON.stringify(outcome));
        const { value, interval } = outcome.estimate;
        expect(interval.low).toBeLessThanOrEqual(value);
        expect(interval.high).toBeGreaterThanOrEqual(value);
      }
    }
    expect(rankings.map(({ method }) => method)).toEqual(["fqe", "model", "wis"]);
    expect(rankings[0]?.selection.order).toHaveLength(4);
    expect(rankings[0]?.selection.quality).toMatchObject({ candidates: 4 });
    for (const run of ["weak", "strong"]) expect(await readFile(join(at(run), "ope.json"), "utf8")).toBe(out);
  }, 60_000);

  test("says the same twice, as a table with the choice", async () => {
    const run = () => cli("ope", at("weak"), at("strong"), "--method=model", ...quick);
    const { out } = await run();
    expect(out).toMatch(
      /model chooses .*(weak|strong) last; against the truth of 2: rank correlation -?[01]\.000, regret@1/,
    );
    expect((await run()).out).toBe(out);
  }, 60_000);

  test("refuses with the reason: methods that do not exist, other data, policies without a density", async () => {
    expect((await cli("ope", at("weak"), "--method=magic")).err).toContain('no method is called "magic"');
    expect((await cli("ope", at("weak"), "--discount=1")).err).toContain("number >= 0 and < 1");
    expect((await cli("ope", at("weak"), "--set=fqe.critic=2")).err).toContain('did you mean "fqe.critics"?');
    expect((await cli("ope", at("weak"), at("clone"))).err).toContain("the runs learnt from different data");
    expect((await cli("ope", at("nothing"))).err).toContain("no run lies there");
    const { code, out } = await cli("ope", at("clone"), "--method=model,wis", ...quick);
    expect(code).toBe(0);
    expect(out).toContain("model refused: there is no fitted model of the dynamics");
    expect(out).toContain("wis refused: the policy gives no log-probability of actions");
  }, 60_000);
});

test("ope reads the policies of all runs before it estimates any", async () => {
  await cp(at("weak"), at("unfinished"), { recursive: true });
  await rm(join(at("unfinished"), "checkpoints", "train"), { recursive: true });
  const { err } = await cli("ope", at("weak"), at("unfinished"), "--method=fqe", "--updates=30");
  expect(err).toMatch(/unfinished: the run has no finished policy/);
  expect(err).not.toContain("evaluating");
}, 60_000);

describe("calibrate", () => {
  test("measures the run's penalty and others, on held-out rows and on visits, and writes calibration.json", async () => {
    const others = ["--penalty=ensemble-standard-deviation", "--visits=1", "--steps=4"];
    const { code, out } = await cli("calibrate", at("weak"), ...others);
    expect(code).toBe(0);
    expect(out).toMatch(/model on 120 rows that no member was trained on: error [\d.]+ of the spread/);
    const report = calibrationSchema.parse(JSON.parse(await readFile(join(at("weak"), "calibration.json"), "utf8")));
    expect(report.penalties.map(({ type, on, rows }) => [type, on, rows])).toEqual([
      ["max-aleatoric", "held-out", 120],
      ["max-aleatoric", "visits", 200],
      ["ensemble-standard-deviation", "held-out", 120],
      ["ensemble-standard-deviation", "visits", 200],
    ]);
    expect(report.model.kStep.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    // Episodes of 200 steps in 50 bins; open loop a bin a step.
    expect(report.penalties.map(({ along }) => along.length)).toEqual([4, 50, 4, 50]);
    expect(report.model.saturation).not.toBeNull();
    expect(report.refused).toEqual([]);
  }, 60_000);

  test("measures on another log where one is given; refuses a run without a model", async () => {
    const { out } = await cli("calibrate", at("weak"), `--data=${at("other.hdf5")}`, "--rows=100", "--json");
    expect(calibrationSchema.parse(JSON.parse(out)).model).toMatchObject({ rows: 100, heldOut: "dataset" });
    expect((await cli("calibrate", at("clone"))).err).toContain("dynamics");
  }, 60_000);

  test("measures a penalty of a plug-in that the run was not trained with", async () => {
    const own = [`--plugin=${penaltyPlugin}`, "--penalty=mean-aleatoric"];
    const { out, err } = await cli("calibrate", at("weak"), ...own, "--steps=2", "--rows=50", "--json");
    expect(err).toBe("");
    const { penalties, refused } = calibrationSchema.parse(JSON.parse(out));
    expect(penalties.map(({ type }) => type)).toEqual(["max-aleatoric", "mean-aleatoric"]);
    expect(refused).toEqual([]);
  }, 60_000);

  test("refuses the log that the run learnt from, or from a share of; one whose own log is gone it cannot compare", async () => {
    for (const run of ["weak", "share"]) {
      const { err } = await cli("calibrate", at(run), `--data=${at("data.hdf5")}`);
      expect(err).toMatch(/data\.hdf5: the run learnt from this log[\s\S]*remedy: leave --data out/);
    }
    await rename(at("data.hdf5"), at("moved.hdf5"));
    const { err, code } = await cli("calibrate", at("weak"), `--data=${at("other.hdf5")}`, "--rows=100", "--json");
    await rename(at("moved.hdf5"), at("data.hdf5"));
    expect([err, code]).toEqual(["", 0]);
    expect((await cli("calibrate", at("weak"), "--level=2")).err).toContain("a number between 0 and 1");
  }, 60_000);

  test("refuses a log of another task, and no rows", async () => {
    const { observations, ...episode } = circleEpisode(0);
    const wider = { ...episode, observation: 4, observations: new Float32Array(4 * (episode.length + 1)) };
    await writeD4rl(at("wider.hdf5"), [wider]);
    const { err } = await cli("calibrate", at("weak"), `--data=${at("wider.hdf5")}`);
    expect(err).toMatch(
      /wider\.hdf5: 4 observation and 1 action entries\n.*3 and 1, as in the run's log\n.*--data FILE/,
    );
    expect((await cli("calibrate", at("weak"), "--rows=0")).err).toMatch(/--rows: 0 is too few/);
  }, 60_000);

  test("refuses a log that changed after the run learnt from it, as training does", async () => {
    await rename(at("data.hdf5"), at("moved.hdf5"));
    await copyFile(at("other.hdf5"), at("data.hdf5"));
    const refused = [
      await cli("calibrate", at("weak"), "--rows=100"),
      await cli("predict", at("weak"), "--quiet"),
      await cli("ope", at("weak"), "--quiet"),
      await cli(...mopo(at("data.hdf5"), at("weak"), 0.1)),
      await cli("train", "--resume", at("weak"), "--quiet"),
    ];
    await rename(at("moved.hdf5"), at("data.hdf5"));
    for (const { err } of refused)
      expect(err).toMatch(/data\.json: the run there learnt from other data, SHA-256 \w{16}; /);
  }, 60_000);
});
