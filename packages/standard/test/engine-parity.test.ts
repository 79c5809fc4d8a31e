import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUntypedPipeline, Dataset, defineComponent } from "@lowerbound/core";
import { readSafetensors, wideLine } from "@lowerbound/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { standardComponents } from "../src/index.js";

const wideLineData = defineComponent({
  kind: Dataset,
  type: "wide-line",
  summary: "a point on a line, moved at random",
  config: z.object({}),
  create: () => wideLine(120, 6),
});

const hidden = [8];
const every = { logEvery: 1, checkpointEvery: 2 };
const short = { updates: 2, batchSize: 8, ...every };
const dyna = { ...short, realRatio: 0.25, rolloutBatch: 16, rolloutRows: 16, rolloutLength: 2, modelReturnHorizon: 2 };
const dynamics = {
  type: "ensemble",
  members: 3,
  elites: 2,
  hiddenSizes: hidden,
  weightDecays: [1e-4, 1e-4],
  maximumEpochs: 1,
};
const sac = { type: "sac", hiddenSizes: hidden };
const tokens = { transitions: 2, bins: 6, layers: 1, embedding: 8, dropout: 0.25, heldOut: undefined, ...short };
const planned = {
  algorithm: { type: "planning", planner: { type: "beam-search" }, model: { type: "trajectory-transformer" } },
};
const penalised = (penalty: object) => ({ dynamics, penalty, optimiser: sac, algorithm: { type: "mopo", ...dyna } });

/** A training of a few updates for every update step of the library. */
const trainings: Readonly<Record<string, object>> = {
  "behaviour cloning": { algorithm: { type: "behaviour-cloning", policy: "gaussian", hiddenSizes: hidden, ...short } },
  "TD3+BC": { algorithm: { type: "td3-bc", hiddenSizes: hidden, ...short } },
  IQL: { algorithm: { type: "iql", hiddenSizes: hidden, ...short } },
  CQL: { optimiser: sac, algorithm: { type: "cql", ...short } },
  "ensemble, SAC in MOPO": penalised({ type: "max-aleatoric" }),
  "targets lowered by a penalty": penalised({ type: "bellman-inconsistency" }),
  "mixture density": penalised({
    type: "density",
    density: { type: "mixture-density", hiddenSizes: hidden, updates: 2 },
  }),
  "random network distillation": penalised({ type: "random-network-distillation", hiddenSizes: hidden, updates: 2 }),
  COMBO: { dynamics, optimiser: sac, algorithm: { type: "combo", beta: 1, ...dyna } },
  "PPO in MOReL": {
    dynamics,
    penalty: { type: "max-pairwise-difference" },
    optimiser: { type: "ppo", hiddenSizes: hidden },
    algorithm: { type: "morel", cloningUpdates: 2, ...dyna },
  },
  "Trajectory Transformer": { ...planned, sequence: { type: "trajectory-transformer", heads: 2, ...tokens } },
  "Trajectory Transformer, accumulating": {
    ...planned,
    sequence: { type: "trajectory-transformer", heads: 2, ...tokens, accumulate: 2 },
  },
  LSTM: { ...planned, sequence: { type: "lstm", ...tokens } },
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "engines-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every tensor that a training leaves on disk, fits and checkpoints, by part and name. */
async function trainedBy(engine: string, name: string): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const runs = join(folder, engine, name.replaceAll(/\W/g, "-"));
  const config = {
    dataset: { type: "wide-line" },
    termination: { type: "never" },
    logger: { type: "none" },
    ...trainings[name],
    engine: { type: engine },
  };
  const pipeline = createUntypedPipeline([...standardComponents, wideLineData], config);
  await pipeline.run({ directory: join(runs, "run"), quiet: true });
  await pipeline.dispose();
  const found = new Map<string, ArrayLike<number>>();
  for (const file of (await readdir(runs, { recursive: true })).sort()) {
    if (!file.endsWith(".safetensors")) continue;
    const part = file.replaceAll(/-[0-9a-f]{16}/g, "");
    const tensors = readSafetensors(await readFile(join(runs, file)), file);
    for (const [tensor, { data }] of tensors) found.set(`${part} ${tensor}`, data);
  }
  return found;
}

/** Where tensors lie further apart than float32 sums taken in another order. */
function apart(got: ReadonlyMap<string, ArrayLike<number>>, wanted: ReadonlyMap<string, ArrayLike<number>>): string[] {
  expect([...got.keys()]).toEqual([...wanted.keys()]);
  return [...wanted].flatMap(([name, values]) => {
    const own = got.get(name)!;
    const worst = Math.max(0, ...Array.from(values, (value, i) => Math.abs(own[i]! - value) / (1 + Math.abs(value))));
    return worst <= TOLERANCE ? [] : [`${name}: ${worst}`];
  });
}

const TOLERANCE = 1e-4;
const tfjsNode = process.env.LOWERBOUND_TFJS_NODE !== undefined;

describe.each(Object.keys(trainings))("%s", (name) => {
  let reference: ReadonlyMap<string, ArrayLike<number>> = new Map();
  beforeAll(async () => {
    reference = await trainedBy("cpu", name);
    expect(reference.size).toBeGreaterThan(2);
  }, 60_000);

  test.each(["onnx", "onnx-web", "wasm"])(
    "the same updates on %s as on cpu",
    async (engine) => {
      expect(apart(await trainedBy(engine, name), reference)).toEqual([]);
    },
    60_000,
  );

  test.skipIf(!tfjsNode)(
    "the same updates on tfjs-node as on cpu (skipped unless LOWERBOUND_TFJS_NODE names a build)",
    async () => {
      expect(apart(await trainedBy("tfjs-node", name), reference)).toEqual([]);
    },
    60_000,
  );
});
