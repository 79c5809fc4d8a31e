import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificatesSchema } from "@lowerbound/core";
import { writeD4rl } from "@lowerbound/datasets";
import { calibrationSchema } from "@lowerbound/evaluation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { circleEpisode, common, mopo } from "./circle-runs.js";
import { cli, penaltyPlugin } from "./helpers.js";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-certify-"));
  const episodes = Array.from({ length: 12 }, (_, seed) => circleEpisode(seed));
  await writeD4rl(at("data.hdf5"), episodes, { environmentId: "Pendulum-v1" });
  const wider = { ...circleEpisode(0), action: 2, actions: new Float32Array(100) };
  await writeD4rl(at("wider.hdf5"), [wider], { environmentId: "Pendulum-v1" });
  const others = Array.from({ length: 6 }, (_, seed) => circleEpisode(100 + seed));
  await writeD4rl(at("other.hdf5"), others, { environmentId: "Pendulum-v1" });
  await copyFile(at("data.hdf5"), at("copy.hdf5"));
  const half = ["--penalty.heldOut=0.5", "--penalty.errorRate=0.5"];
  const runs = [
    mopo(at("data.hdf5"), at("run"), 1),
    [...mopo(at("data.hdf5"), at("conformal"), 1), "--penalty=conformal", "--penalty.penalty=max-aleatoric", ...half],
    mopo(at("data.hdf5"), at("naive"), 0).filter((flag) => !flag.startsWith("--penalty")),
    [...common(at("data.hdf5"), at("clone")), "--algorithm=behaviour-cloning", "--algorithm.updates=20"],
  ];
  for (const flags of runs) expect(await cli(...flags)).toMatchObject({ code: 0, err: "" });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const quick = ["--updates=30", "--horizon=60", "--discount=0.9", "--level=0.7", "--quiet"];
const certified = async (...argv: readonly string[]) => {
  const { code, out, err } = await cli("certify", ...argv, ...quick, "--json");
  expect(err).toBe("");
  expect(code).toBe(0);
  return certificatesSchema.parse(JSON.parse(out)).certificates;
};

describe("of a run", () => {
  test("writes what it prints: a certificate of each penalty, its parts summing to the bound, all assumptions listed", async () => {
    const certificates = await certified(at("run"), "--penalty=ensemble-standard-deviation");
    const kept = certificatesSchema.parse(JSON.parse(await readFile(join(at("run"), "certificate.json"), "utf8")));
    expect(kept).toEqual({ version: 1, seed: 0, certificates });
    expect(certificates.map(({ penalty }) => penalty.type)).toEqual(["max-aleatoric", "ensemble-standard-deviation"]);
    expect(certificates[1]!.value).toEqual(certificates[0]!.value);
    for (const { standing, bound, reasons, modelReturn, penalty, tail, heldOut, value, ...rest } of certificates) {
      expect(standing).toBe(bound === null ? "void" : "conditional");
      expect(reasons.length > 0).toBe(bound === null);
      if (bound !== null) expect(bound.value).toBeCloseTo(modelReturn!.value - penalty.cost! + tail, 6);
      expect(heldOut.kind).toBe("rows");
      expect(value.source).toBe("fqe");
      expect(rest.truth).toBeNull();
      expect(rest.assumptions.map(({ name }) => name)).toEqual([
        ...[
          "u >= error",
          "the policy's visits",
          "Lipschitz value",
          "value estimate",
          "starts",
          "held-out rows",
          "rewards",
        ],
      ]);
    }
  }, 60_000);

  test("certifies by a penalty of a plug-in that the run was not trained with", async () => {
    const certificates = await certified(at("run"), `--plugin=${penaltyPlugin}`, "--penalty=mean-aleatoric");
    expect(certificates.map(({ penalty }) => penalty.type)).toEqual(["max-aleatoric", "mean-aleatoric"]);
  }, 60_000);

  test("as text: verdict, parts and assumptions; the same twice; lowerbound report shows it", async () => {
    const { out, code } = await cli("certify", at("run"), ...quick);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^max-aleatoric: (conditional lower bound of the return discounted by 0\.9|VOID, there is no bound)/,
    );
    expect(out).toMatch(/- lambda eps_u +[\d.e+]+ +lambda [\d.e+-]+ x eps_u/);
    expect(out).toMatch(/(not seen to fail|seen to fail) +u >= error .* held at [\d.]+ % of \d+ rows/);
    expect(out).toMatch(/cannot be checked +the policy's visits .*only a simulator can tell \(--visits\)/);
    expect(out).toContain(`written: ${join(at("run"), "certificate.json")}`);
    expect((await cli("certify", at("run"), ...quick)).out).toBe(out);
    expect((await cli("report", at("run"))).code).toBe(0);
    expect(await readFile(join(at("run"), "report.html"), "utf8")).toContain("Lipschitz value");
  }, 60_000);

  test("a claim far too small is void, and no bound is printed", async () => {
    const small = ["--coefficient=1e-6"];
    const [certificate] = await certified(at("run"), ...small);
    expect(certificate).toMatchObject({ standing: "void", bound: null, penalty: { calibrated: false } });
    const { out } = await cli("certify", at("run"), ...small, ...quick);
    expect(out).toMatch(/^max-aleatoric: VOID, there is no bound:\n {2}u >= error: held at/);
    expect(out).not.toContain("= bound");
    expect(out).toContain("\nan assumption was seen to fail, so none of these figures bounds the true return\n");
  }, 60_000);

  test("of one start there is no interval, which is said beside the bound and among the assumptions", async () => {
    const { out } = await cli("certify", at("run"), ...quick, "--set=starts=1");
    expect(out).toMatch(/lower end +-?[\d.e+]+ +the same: one start has no interval/);
    expect(out).toMatch(/cannot be checked +draws .*one start/);
  }, 60_000);

  test("says that the episodes are too few for the level, which is neither a bound nor a failure", async () => {
    const { out } = await cli("certify", at("run"), ...quick, "--level=0.95");
    expect(out).toMatch(
      /^max-aleatoric: VOID, there is no bound:\n {2}no cost: there are fewer than 19 held-out episodes/,
    );
    expect(out).toMatch(/cannot be checked +u >= error/);
    expect(out).toMatch(/- lambda eps_u +not finite/);
    expect(out).toContain("\nno bound could be made, so none of these figures bounds the true return\n");
    expect(out).not.toContain("seen to fail, so");
  }, 60_000);

  test("the simulator stands beside the bound and does not move it", async () => {
    const [without] = await certified(at("run"));
    const [seen] = await certified(at("run"), "--visits=2");
    expect(seen!.truth).toMatchObject({ environmentId: "Pendulum-v1", episodes: 2 });
    expect(seen!.truth!.gain).toBeCloseTo(seen!.modelReturn!.value - seen!.truth!.discountedReturn.value, 6);
    expect([seen!.penalty, seen!.modelReturn, seen!.tail]).toEqual([
      without!.penalty,
      without!.modelReturn,
      without!.tail,
    ]);
    const { out } = await cli("certify", at("run"), "--visits=1", ...quick);
    expect(out).toMatch(/true return .*1 episode of Pendulum-v1; the bound does not see it/);
    expect(out).toMatch(/cannot be checked +the bound itself .*of 1 episode: too few to tell/);
    expect(out).toMatch(/gain from cheating +-?[\d.]+ .*than lambda eps_u/);
  }, 60_000);

  test("checks on another log, on episodes that the run held out; values of the critic are marked as such", async () => {
    expect((await certified(at("run"), `--data=${at("other.hdf5")}`))[0]!.heldOut).toMatchObject({ kind: "dataset" });
    const [held] = await certified(at("conformal"));
    expect(held!.heldOut.kind).toBe("episodes");
    expect(held!.assumptions.map(({ name }) => name)).not.toContain("held-out rows");
    const { out, err } = await cli("certify", at("run"), "--value=critic", "--horizon=60", "--quiet", "--json");
    expect(err).toBe("");
    const [critic] = certificatesSchema.parse(JSON.parse(out)).certificates;
    expect(critic).toMatchObject({ discount: 0.99, value: { source: "critic" } });
    expect(critic!.assumptions.map(({ name }) => name)).toContain("critic's reward");
  }, 60_000);

  test("refuses with the reason and the remedy", async () => {
    const refused = async (...argv: readonly string[]) => {
      const { code, err } = await cli("certify", ...argv, "--quiet");
      expect(code).toBe(1);
      return err;
    };
    expect(await refused(at("nothing"))).toContain("no run lies there");
    expect(await refused(at("clone"))).toContain("no fitted model of the dynamics");
    expect(await refused(at("run"), `--data=${at("wider.hdf5")}`)).toMatch(/2 action entries[\s\S]*remedy/);
    expect(await refused(at("run"), `--data=${at("nothing.hdf5")}`)).toContain("nothing.hdf5");
    for (const own of ["data.hdf5", "copy.hdf5"]) {
      expect(await refused(at("run"), `--data=${at(own)}`)).toMatch(/learnt from this log[\s\S]*leave --data out/);
    }
    expect(await refused(at("run"), "--value=magic")).toContain("fqe, critic");
    expect(await refused(at("run"), "--value=critic", "--discount=0.5")).toMatch(/--discount: .*remedy.*--value fqe/s);
    expect(await refused(at("run"), "--discount=1")).toContain("number >= 0 and < 1");
    expect(await refused(at("run"), "--set=sample=9")).toContain('did you mean "samples"?');
    expect(await refused(at("run"), "--penalty=random-network-distillation")).toMatch(/fit of its own.*remedy/s);
    expect(await refused(at("run"), "--penalty=max-alleatoric")).toContain("max-aleatoric");
    expect(await refused(at("naive"))).toMatch(/the run has no penalty[\s\S]*--penalty max-aleatoric/);
  }, 60_000);
});

test("calibrate measures a penalty that needs the critic with the run's own", async () => {
  const { out, code } = await cli("calibrate", at("run"), "--penalty=bellman-inconsistency", "--steps=2", "--json");
  expect(code).toBe(0);
  const { penalties, refused } = calibrationSchema.parse(JSON.parse(out));
  expect(refused).toEqual([]);
  expect(penalties[1]).toMatchObject({ type: "bellman-inconsistency", rows: 120 });
  expect(penalties[1]!.meanPenalty).toBeGreaterThan(0);
}, 60_000);
