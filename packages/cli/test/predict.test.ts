import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRun } from "../src/ope/saved-run.js";
import { mayHaveLearnt } from "../src/predict/episodes.js";
import { predictionSchema } from "../src/predict/prediction-file.js";
import { cli } from "./helpers.js";
import { ensemble, sequence, trainReacher, transformer, writeReacher } from "./reacher-run.js";

let folder = "";
const at = (name: string): string => join(folder, name);

const train = (name: string, ...parts: readonly string[]) => trainReacher(folder, name, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-predict-"));
  await writeReacher(folder);
  expect(await train("ensemble", ...ensemble, "--algorithm.planner=cem")).toMatchObject({ code: 0, err: "" });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = ["--steps=30", "--episodes=6", "--quiet"];
const readPrediction = async (name: string) =>
  predictionSchema.parse(JSON.parse(await readFile(at(`${name}/prediction.json`), "utf8")));

describe("predict", () => {
  test("rolls an ensemble out under the logged actions, against the simulator in the same state", async () => {
    const { code, out, err } = await cli("predict", at("ensemble"), ...small, `--json=${at("copy.json")}`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const report = await readPrediction("ensemble");
    expect(report).toMatchObject({ environment: "Reacher-v5", truth: "simulator", episodesFrom: "data" });
    expect(report.episodes).toEqual(new Array(30).fill(6));
    const names = report.models.map(({ name, way }) => `${name}, ${way}`);
    expect(names).toEqual([
      "ensemble, drawn",
      "ensemble, mean",
      "one Gaussian of ensemble, drawn",
      "one Gaussian of ensemble, mean",
      "the data, mean",
      "the log, as logged",
    ]);
    const median = (model: number, step: number) => report.models[model]!.errors[step - 1]!.median!;
    // The reacher is not chaotic and its observations hide nothing: the log is the simulator, but for rounding.
    expect(median(5, 30)).toBeLessThan(1e-3);
    // Away from the mean by about a deviation in each dimension.
    for (const step of [1, 30]) expect(Math.abs(median(4, step) - 1)).toBeLessThan(0.4);
    for (const model of [0, 1, 2, 3]) {
      expect(median(model, 1)).toBeGreaterThan(0);
      expect(median(model, 1)).toBeLessThan(0.3);
      expect(median(model, 30)).toBeGreaterThan(median(model, 1));
    }
    expect(median(1, 1)).toBeLessThan(median(0, 1));
    expect(out).toMatch(/^6 episodes of the run's data \(reacher.*\), open loop, against the simulator Reacher-v5\n/);
    expect(out).toMatch(/error at step +1 +10 +30\n/);
    expect(JSON.parse(await readFile(at("copy.json"), "utf8"))).toEqual(report);
  }, 60_000);

  test("the same seed gives the same draws, another one others", async () => {
    const errors = async (seed: number) => {
      expect(await cli("predict", at("ensemble"), ...small, `--seed=${seed}`)).toMatchObject({ code: 0 });
      return (await readPrediction("ensemble")).models[0]!.errors;
    };
    const first = await errors(1);
    expect(await errors(1)).toEqual(first);
    expect(await errors(2)).not.toEqual(first);
  }, 60_000);

  test("against the log, where no simulator is to be used", async () => {
    expect(await cli("predict", at("ensemble"), ...small, "--truth=log")).toMatchObject({ code: 0, err: "" });
    const report = await readPrediction("ensemble");
    expect(report).toMatchObject({ environment: null, truth: "log" });
    expect(report.models.map(({ name }) => name)).not.toContain("the log");
  }, 60_000);

  test("a figure, a film strip, and a section of the report", async () => {
    const pictures = [`--figure=${at("errors.svg")}`, `--render=${at("film.svg")}`];
    const { code, out, err } = await cli("predict", at("ensemble"), ...small, ...pictures);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`${at("errors.svg")}, ${at("film.svg")}`);
    const figure = await readFile(at("errors.svg"), "utf8");
    expect(figure).toContain("Error of open-loop predictions by step");
    const film = await readFile(at("film.svg"), "utf8");
    expect(film).toMatch(/>as it came<.*>ensemble, drawn.*>one Gaussian of ensemble, drawn/s);
    for (const each of [figure, film]) expect(each).not.toMatch(/NaN|undefined|Infinity/);
    // Without names they lie in the run.
    const unnamed = await cli("predict", at("ensemble"), "--figure", "--render", ...small);
    expect(unnamed).toMatchObject({ code: 0, err: "" });
    expect(await readFile(at("ensemble/prediction-errors.svg"), "utf8")).toBe(figure);
    expect(await readFile(at("ensemble/prediction.svg"), "utf8")).toBe(film);
    expect(await cli("report", at("ensemble"))).toMatchObject({ code: 0, err: "" });
    const page = await readFile(at("ensemble/report.html"), "utf8");
    expect(page).toContain('id="chart-prediction"');
    expect(page).toContain("one Gaussian of ensemble, mean");
  }, 60_000);

  test("a Trajectory Transformer with an ensemble of another run beside it", async () => {
    expect(await train("transformer", ...transformer)).toMatchObject({ code: 0, err: "" });
    const beside = `--beside=${at("ensemble")}`;
    const both = await cli("predict", at("transformer"), "--steps=8", "--episodes=3", "--quiet", beside);
    expect(both).toMatchObject({ code: 0, err: "" });
    const { models } = await readPrediction("transformer");
    expect(models.slice(0, 3).map(({ name, way, run }) => [name, way, run])).toEqual([
      ["trajectory-transformer", "drawn", at("transformer")],
      ["trajectory-transformer", "most likely", at("transformer")],
      ["ensemble", "drawn", at("ensemble")],
    ]);
    for (const { errors } of models) {
      expect(errors).toHaveLength(8);
      expect(errors.every(({ median }) => median !== null && median < 10)).toBe(true);
    }
    // A model's draws do not hang on what it is predicted beside.
    expect(await cli("predict", at("ensemble"), "--steps=8", "--episodes=3", "--quiet")).toMatchObject({ code: 0 });
    expect((await readPrediction("ensemble")).models[0]!.errors).toEqual(models[2]!.errors);
  }, 90_000);

  test("a Trajectory Transformer of every other step cannot follow all actions, and says so", async () => {
    const sparse = [...sequence.map((flag) => flag.replace("updates=20", "updates=2")), "--sequence.step=2"];
    const data = ["--dataset=d4rl-hdf5", `--dataset.path=${at("reacher.hdf5")}`, "--engine=onnx"];
    // Beside a learner that asks for none; nothing plans in such a model.
    const learner = ["--algorithm=behaviour-cloning", "--algorithm.updates=2"];
    const run = ["train", `--directory=${at("sparse")}`, ...data, ...learner, ...sparse, "--quiet"];
    expect(await cli(...run)).toMatchObject({ code: 0 });
    const { code, err } = await cli("predict", at("sparse"), ...small);
    expect(code).toBe(1);
    expect(err).toMatch(/looks at one step in 2 alone\n {2}expected: a run with sequence\.step 1/);
  }, 60_000);

  test("tells which runs may have learnt from the episodes that the first one held out", async () => {
    const held = [...transformer, "--sequence.updates=2", "--sequence.heldOut=0.3"];
    expect(await train("held", ...held)).toMatchObject({ code: 0, err: "" });
    const learnt = async (...names: readonly string[]) => {
      const runs = await Promise.all(names.map((name) => openRun(at(name))));
      const found = await mayHaveLearnt(runs);
      for (const { pipeline } of runs) await pipeline.dispose();
      return found.map(({ directory }) => directory);
    };
    expect(await learnt("held", "held", "ensemble")).toEqual([at("ensemble")]);
    expect(await learnt("ensemble", "held")).toEqual([]);
  }, 60_000);

  test("two models of one name are told apart by their runs", async () => {
    const twice = await cli("predict", at("ensemble"), `--beside=${at("ensemble")}`, "--steps=2", "--quiet");
    expect(twice.out.split(`ensemble, drawn (${at("ensemble")})`)).toHaveLength(5);
  }, 60_000);

  test("a run on a share of a log predicts its share, and another log whole", async () => {
    const share = ["--dataset=share", "--dataset.share=0.1", "--dataset.of=d4rl-hdf5"];
    const data = at("reacher.hdf5");
    const brief = ["--sequence.updates=2", "--engine=onnx", "--termination=never", "--algorithm=planning", "--quiet"];
    const run = [
      "train",
      `--directory=${at("share")}`,
      ...share,
      `--dataset.of.path=${data}`,
      ...transformer,
      ...brief,
    ];
    expect(await cli(...run)).toMatchObject({ code: 0, err: "" });
    const episodesOf = async (...flags: readonly string[]) => {
      const { err } = await cli("predict", at("share"), "--steps=1", "--episodes=200", "--quiet", ...flags);
      expect(err).toBe("");
      return (await readPrediction("share")).episodes;
    };
    expect(await episodesOf()).toEqual([10]);
    expect(await episodesOf(`--data=${data}`)).toEqual([100]);
  }, 60_000);

  test("what cannot be predicted is refused with the reason", async () => {
    const refusal = async (...flags: readonly string[]) => (await cli("predict", at("ensemble"), ...flags)).err;
    expect(await refusal("--steps=0")).toMatch(/--steps: there is nothing to predict/);
    expect(await refusal("--episodes=x")).toContain("--episodes");
    expect(await refusal("--shortest=51")).toMatch(/--shortest: no episode has 51 steps\n.*at most 50/);
    expect(await refusal("--environment=hopper")).toMatch(/Hopper-v5: 11 observation.*\n.*10 and 2/);
    expect(await refusal("--figure=-errors.svg")).toContain('--figure: "-errors.svg" looks like a flag');
    expect(await refusal("--json", "--shortest=1")).toContain('--json: "--shortest=1" looks like a flag');
    expect(await refusal("--render=film.gif")).toMatch(/--render: .*\n.*\.svg or \.png/);
    expect(await refusal("--truth=log", "--render=film.svg")).toContain("poses are drawn by a simulator");
    expect(await refusal(`--beside=${at("nothing")}`)).toContain("no run lies there");
    expect(await refusal(`--data=${at("nothing.hdf5")}`)).toContain("nothing.hdf5");
  }, 60_000);
});
