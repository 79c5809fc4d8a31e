import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Algorithm, createPipeline, createUntypedPipeline, defineComponent, type Policy } from "@lowerbound/core";
import { writeD4rl } from "@lowerbound/datasets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openPolicy, standardComponents } from "../src/index.js";

const config = (path: string, hiddenSizes = [8]) =>
  ({
    dataset: { type: "d4rl-hdf5", path },
    algorithm: { type: "behaviour-cloning", hiddenSizes, updates: 20, batchSize: 8 },
    engine: { type: "onnx", threads: 1 },
  }) as const;
const seen = [0.2, -0.1, 0.4];

let folder: string;
let wanted: Float32Array;
const run = () => join(folder, "run");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-open-policy-"));
  const path = join(folder, "log.hdf5");
  await writeD4rl(path, [episode()], { environmentId: "Mine-v0", algorithm: "hand" });
  const pipeline = createPipeline(standardComponents, config(path));
  await pipeline.run({ directory: run(), quiet: true });
  const policy = await pipeline.policy({ directory: run(), quiet: true }, "last");
  const acted = await policy.act({ rows: 1, columns: 3, data: Float32Array.from(seen) }, await policy.init(1, 0), {
    deterministic: true,
  });
  wanted = acted.actions.data;
  await expect(
    policy.act({ rows: 1, columns: 2, data: new Float32Array(2) }, await policy.init(1, 0), {
      deterministic: true,
    }),
  ).rejects.toThrow("observations of 3 numbers");
  await policy.close();
  await pipeline.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

function episode() {
  const length = 40;
  const wave = (width: number, rows = length) =>
    Float32Array.from({ length: rows * width }, (_, i) => 0.8 * Math.sin(i));
  return {
    ...{ observation: 3, action: 2, length, terminated: false, truncated: true, finalObservationKnown: true },
    ...{ observations: wave(3, length + 1), actions: wave(2), rewards: wave(1) },
  };
}

describe("a policy opened by its run's directory", () => {
  it("acts as the trained one, with the log gone", async () => {
    await rm(join(folder, "log.hdf5"), { force: true });
    const { controller, dimensions, close } = await openPolicy(run());
    expect(dimensions).toEqual({ observation: 3, action: 2 });
    const act = await controller();
    expect(await act(seen)).toEqual(wanted);
    await close();
  });

  it("refuses an observation that no action should follow", async () => {
    const { controller, close } = await openPolicy(run());
    const act = await controller();
    await expect(act([0, Number.NaN, 0])).rejects.toThrow(/entry 1 of the observation is NaN[\s\S]*3 finite numbers/);
    await expect(act([0, 0])).rejects.toThrow("the observation has another number of entries, 2");
    await close();
  });

  it.each([
    [
      [0, Number.NaN],
      /entry 1 of the policy's action is NaN\n {2}expected: 2 finite numbers\n {2}remedy: decide without/,
    ],
    [[0], /the policy's action has another number of entries, 1\n {2}expected: 2 finite numbers/],
  ])("refuses an action that no machine can carry out: %j", async (answer, message) => {
    const constant = defineComponent({
      kind: Algorithm,
      type: "constant",
      summary: "answers the same to all",
      config: z.object({}),
      create: () => ({
        train: async () => ({ tensors: {}, facts: {} }),
        policy: async (): Promise<Policy<null>> => ({
          capabilities: { stochastic: false, logProbability: false },
          init: async () => null,
          act: async () => ({
            actions: { rows: 1, columns: answer.length, data: Float32Array.from(answer) },
            state: null,
          }),
          close: async () => {},
        }),
      }),
    });
    const path = join(folder, "again.hdf5");
    await writeD4rl(path, [episode()], { environmentId: "Mine-v0", algorithm: "hand" });
    const components = [...standardComponents, constant];
    const pipeline = createUntypedPipeline(components, {
      dataset: { type: "d4rl-hdf5", path },
      algorithm: { type: "constant" },
    });
    const directory = join(folder, `constant-${answer.length}`);
    await pipeline.run({ directory, quiet: true });
    await pipeline.dispose();
    const { controller, close } = await openPolicy(directory, { components });
    await expect((await controller())(seen)).rejects.toThrow(message);
    await close();
  });

  it("refuses a folder without a finished run, a policy that was not kept, and other components", async () => {
    await expect(openPolicy(join(folder, "nowhere"))).rejects.toThrow(/no finished run[\s\S]*nowhere/);
    await expect(openPolicy(run(), { snapshot: "best" })).rejects.toThrow(/no "best" snapshot[\s\S]*evaluation.every/);
    const others = standardComponents.filter(({ type }) => type !== "behaviour-cloning");
    await expect(openPolicy(run(), { components: others })).rejects.toThrow("behaviour-cloning");
  });

  it("is refused at once by a pipeline of other networks", async () => {
    const pipeline = createPipeline(standardComponents, config("gone.hdf5", [16]));
    const opening = pipeline.policy({ directory: run(), quiet: true }, "last", { observation: 3, action: 2 });
    await expect(opening).rejects.toThrow(/tensor "[^"]+"[\s\S]*config.json/);
    await pipeline.dispose();
  });
});
