import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPipeline, Dataset, defineComponent, type Engine, type HostTensors, Random } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { neverTermination } from "@lowerbound/environments";
import { beamSearchPlanner, gradientPlanner, planning } from "@lowerbound/planners";
import { directory, none } from "@lowerbound/runs";
import { auto, createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { memoryRun, sequenceConformance } from "@lowerbound/testing";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  createTokenDynamics,
  fittedModel,
  openTokenModel,
  rollOut,
  trajectoryTransformerPlanningModel,
} from "../src/index.js";
import { counts, createCounts } from "./counts.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => Promise.all([engine.dispose(), eager.dispose()]));

const moved = (x: number, action: number): number => Math.max(-1, Math.min(1, x + 0.5 * action));

/** Random walks between walls at -1 and 1, of 10 steps; what costs is to be away from the middle. */
function walks(episodes: number): Dataset {
  const [random, rows] = [Random.fromSeed(1), 10 * episodes];
  const uniform = random.uniform(new Float32Array(2 * rows)).map((u) => 2 * u - 1);
  const actions = uniform.subarray(0, rows);
  const observations = new Float32Array(rows);
  const nextObservations = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    observations[row] = row % 10 === 0 ? uniform[rows + row]! : nextObservations[row - 1]!;
    nextObservations[row] = moved(observations[row]!, actions[row]!);
  }
  return inMemoryDataset({
    name: "walks",
    observation: 1,
    action: 1,
    observations,
    actions,
    rewards: nextObservations.map((x) => -Math.abs(x)),
    terminations: new Uint8Array(rows),
    timeouts: Uint8Array.from({ length: rows }, (_, row) => (row % 10 === 9 ? 1 : 0)),
    nextObservations,
  });
}

const walksData = defineComponent({
  kind: Dataset,
  type: "walks",
  summary: "a walk between two walls",
  config: z.object({}),
  create: () => walks(1500),
});

const components = [
  walksData,
  counts,
  neverTermination,
  planning,
  beamSearchPlanner,
  gradientPlanner,
  trajectoryTransformerPlanningModel,
  auto,
  directory,
  none,
] as const;

const fitting = (on: Engine, dataset = walks(1500), tensors: HostTensors = {}) => ({
  dataset,
  engine: on,
  random: Random.fromSeed(0),
  run: memoryRun(),
  fitted: () => ({ tensors, facts: {} }),
});

describe("a sequence model of a user's own", async () => {
  const { tensors } = await createCounts().fit(fitting(engine));

  it.each(sequenceConformance({ model: createCounts(), fitted: tensors, engines: [engine, eager] }))(
    "$name",
    ({ run }) => run(),
  );

  it("is rolled out: where its given actions lead in the world", async () => {
    const fitted = fittedModel(tensors, createCounts());
    const model = openTokenModel(engine, fitted, { filters: { observation: { topK: 1 } } });
    const actions = Float32Array.of(0.9, -0.5, -0.5, 0.5, -0.7, -0.9, 0.9, 0.3);
    const starts = [{ observation: Float32Array.of(-0.7) }, { observation: Float32Array.of(0.5) }];
    const { observations } = await rollOut(model, { starts, steps: 4, actions, random: Random.fromSeed(2) });
    for (const row of [0, 1]) {
      for (let step = 0; step < 4; step++) {
        const [before, after] = [observations[5 * row + step]!, observations[5 * row + step + 1]!];
        // Bins are 0.2 wide: observation and action are known to half of one, and the answer is given to half of one.
        expect(Math.abs(after - moved(before, actions[4 * row + step]!))).toBeLessThan(0.3);
      }
    }
    await model.decoder.close();
  });

  it("refuses what looks into the network: dynamics, and tensors without their model", async () => {
    await expect(createTokenDynamics({}).fit(fitting(engine, walks(3), tensors))).rejects.toThrow("not known here");
    expect(() => fittedModel(tensors)).toThrow("not known here");
    expect(() => fittedModel(tensors, { ...createCounts(), vocabulary: 12 })).toThrow(
      "12 tokens, and thresholds of 10",
    );
  });
});

describe("a pipeline with a sequence model of a user's own", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "own-sequence-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const pipelineOf = (type: "beam-search" | "gradient") =>
    createPipeline(components, {
      dataset: { type: "walks" },
      sequence: { type: "counts" },
      algorithm: {
        type: "planning",
        planner: { type, horizon: 2 } as { type: "beam-search" },
        model: { type: "trajectory-transformer" },
      },
      termination: { type: "never" },
      engine: { type: "auto", threads: 1 },
      run: { type: "directory" },
      logger: { type: "none" },
    });

  it("plans in it by beam search: back to the middle", async () => {
    const pipeline = pipelineOf("beam-search");
    const at = { directory: join(folder, "run"), quiet: true };
    await pipeline.run(at);
    const policy = await pipeline.policy(at, "last");
    const observed = { rows: 2, columns: 1, data: Float32Array.of(0.9, -0.9) };
    const { actions } = await policy.act(observed, await policy.init(2, 0), { deterministic: true });
    expect(actions.data[0]).toBeLessThan(-0.5);
    expect(actions.data[1]).toBeGreaterThan(0.5);
    await policy.close();
    await pipeline.dispose();
  });

  it("refuses planners by gradients, by the reason", async () => {
    const pipeline = pipelineOf("gradient");
    const at = { directory: join(folder, "run"), quiet: true };
    await expect(pipeline.run(at).then(() => pipeline.policy(at, "last"))).rejects.toThrow("reads tokens only");
    await pipeline.dispose();
  });
});
