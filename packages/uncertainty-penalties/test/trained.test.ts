import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUntypedPipeline, defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import { lineWorldData } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

/** A user's penalty. */
const distance = defineComponent({
  kind: UncertaintyPenalty,
  type: "distance",
  summary: "distance of the sampled next observation from 0",
  config: z.object({}),
  create: () => ({ unit: "state", penalise: ({ sampleObservation }) => tf.norm(sampleObservation, 2, -1) }),
});

const config = (penalty: object, algorithm: object = {}) => ({
  dataset: { type: "line-world" },
  dynamics: {
    type: "ensemble",
    members: 3,
    elites: 2,
    hiddenSizes: [16],
    weightDecays: [0, 0],
    learningRate: 0.01,
    maximumEpochs: 8,
  },
  penalty,
  termination: { type: "never" },
  optimiser: { type: "sac", hiddenSizes: [16] },
  engine: { type: "auto", threads: 1 },
  logger: { type: "none" },
  algorithm: {
    type: "mopo",
    penaltyCoefficient: 2.5,
    updates: 20,
    batchSize: 16,
    realRatio: 0.25,
    rolloutBatch: 30,
    rolloutRows: 16,
    rolloutFrequency: 10,
    modelReturnHorizon: 3,
    logEvery: 10,
    ...algorithm,
  },
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "penalties-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function train(penalty: object, algorithm: object = {}) {
  const pipeline = createUntypedPipeline([...standardComponents, lineWorldData, distance], config(penalty, algorithm));
  const result = await pipeline.run({ directory: join(folder, "run"), quiet: true });
  await pipeline.dispose();
  return result;
}

describe("any penalty under MOPO, by one line of configuration", () => {
  it.each([
    { type: "ensemble-variance" },
    { type: "log-likelihood-variance" },
    { type: "divergence", measure: "kl" },
    { type: "bellman-inconsistency", appliesTo: "reward" },
    { type: "bellman-inconsistency", appliesTo: "reward", samples: 2 },
    { type: "sum", penalties: [{ type: "distance" }, { type: "max-aleatoric" }], weights: [1, 0.5] },
    { type: "clip", maximum: 3, penalty: { type: "scale", factor: 2, penalty: { type: "distance" } } },
    { type: "nearest-neighbour", neighbours: 2 },
    { type: "random-network-distillation", updates: 50, hiddenSizes: [16], features: 8 },
    { type: "density", density: { type: "mixture-density", updates: 50, hiddenSizes: [16], components: 2 } },
    { type: "conformal", penalty: { type: "max-deviation" }, errorRate: 0.4, heldOut: 0.2 },
    {
      type: "max",
      penalties: [
        { type: "nearest-neighbour" },
        { type: "conformal", errorRate: 0.4, heldOut: 0.2, penalty: { type: "nearest-neighbour" } },
      ],
    },
  ])("$type", async (penalty) => {
    const { trained } = await train(penalty);
    const { modelReward, reshapedReward, penalty: u } = trained.facts.lastRollout as Record<string, number>;
    expect(u).toBeGreaterThan(0);
    expect(reshapedReward).toBeCloseTo(modelReward! - 2.5 * u!, 3);
  });

  it("lowers the Bellman target and leaves the rollout's rewards alone, if that is where it applies", async () => {
    const { trained } = await train({ type: "bellman-inconsistency", samples: 2 });
    const { modelReward, reshapedReward, penalty } = trained.facts.lastRollout as Record<string, number>;
    expect(penalty).toBe(0);
    expect(reshapedReward).toBe(modelReward);
    await rm(join(folder, "run"), { recursive: true });
    const without = await trainCritic(0);
    const light = await trainCritic(1e-3);
    const heavy = await trainCritic(100);
    expect(light).not.toEqual(without);
    expect(heavy).not.toEqual(light);
  });

  async function trainCritic(factor: number): Promise<readonly number[]> {
    const penalty = { type: "scale", factor, penalty: { type: "bellman-inconsistency" } };
    const { trained } = await train(penalty, { updates: 2 });
    await rm(join(folder, "run"), { recursive: true });
    expect(Object.keys(trained.tensors).some((name) => name.startsWith("dynamics/"))).toBe(false);
    return [...trained.tensors.critic!.data];
  }

  it("refuses a sum of penalties of the reward and of the target", () => {
    const penalties = [{ type: "distance" }, { type: "bellman-inconsistency" }];
    expect(() =>
      createUntypedPipeline([...standardComponents, lineWorldData, distance], config({ type: "sum", penalties })),
    ).toThrow(/Bellman target/);
  });

  it("refuses to calibrate a penalty of the critic, which is not there yet", async () => {
    const penalty = { type: "bellman-inconsistency", appliesTo: "reward" };
    await expect(train({ type: "conformal", errorRate: 0.4, penalty })).rejects.toThrow(/critic/);
  });
});
