import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { behaviourCloning, sac } from "@lowerbound/actor-critic";
import { createPipeline, Dataset, defineComponent } from "@lowerbound/core";
import { ensemble } from "@lowerbound/dynamics-ensemble";
import { neverTermination } from "@lowerbound/environments";
import { mopo } from "@lowerbound/mopo";
import { beamSearchPlanner, cem, dynamicsPlanningModel, gradientPlanner, planning } from "@lowerbound/planners";
import { directory, none } from "@lowerbound/runs";
import { auto } from "@lowerbound/runtime";
import { wideLine } from "@lowerbound/testing";
import {
  densityPenalty,
  maxAleatoricPenalty,
  nearestNeighbourPenalty,
  scalePenalty,
  sumPenalty,
} from "@lowerbound/uncertainty-penalties";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { trajectoryTransformer, trajectoryTransformerDensity, trajectoryTransformerDynamics } from "../src/index.js";

const wideLineData = defineComponent({
  kind: Dataset,
  type: "wide-line",
  summary: "a point on a line, moved at random",
  config: z.object({}),
  create: () => wideLine(3000, 3),
});

const components = [
  wideLineData,
  trajectoryTransformer,
  trajectoryTransformerDensity,
  trajectoryTransformerDynamics,
  neverTermination,
  ensemble,
  maxAleatoricPenalty,
  densityPenalty,
  nearestNeighbourPenalty,
  scalePenalty,
  sumPenalty,
  sac,
  behaviourCloning,
  mopo,
  planning,
  cem,
  gradientPlanner,
  beamSearchPlanner,
  dynamicsPlanningModel,
  auto,
  directory,
  none,
] as const;

const hidden: number[] = [16];

const partsWith = (updates: number) =>
  ({
    dataset: { type: "wide-line" },
    sequence: {
      type: "trajectory-transformer",
      transitions: 2,
      bins: 20,
      strategy: "uniform",
      layers: 1,
      heads: 2,
      embedding: 32,
      updates,
      batchSize: 32,
      learningRate: 5e-3,
      dropout: 0,
    },
    dynamics: { type: "trajectory-transformer" },
    termination: { type: "never" },
    engine: { type: "auto", threads: 1 },
    run: { type: "directory" },
    logger: { type: "none" },
  }) as const;

const mopoWith = (penaltyCoefficient: number) =>
  ({
    ...partsWith(300),
    optimiser: { type: "sac", hiddenSizes: hidden },
    algorithm: {
      type: "mopo",
      penaltyCoefficient,
      updates: 20,
      batchSize: 16,
      realRatio: 0.25,
      rolloutBatch: 30,
      rolloutRows: 16,
      rolloutFrequency: 10,
      modelReturnHorizon: 3,
    },
  }) as const;

const planningBy = (type: "cem" | "gradient", updates: number) =>
  ({
    ...partsWith(updates),
    algorithm: {
      type: "planning",
      planner: { type, horizon: 3, pessimism: "none" } as { type: "cem" },
      model: { type: "dynamics", penaltyCoefficient: 0, particles: 16 },
    },
  }) as const;

describe("a pipeline whose model of the dynamics is the Transformer", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "token-dynamics-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const here = () => ({ directory: join(folder, "run"), quiet: true });

  it("trains MOPO without a penalty on imagined transitions", async () => {
    const pipeline = createPipeline(components, mopoWith(0));
    const { trained } = await pipeline.run(here());
    await pipeline.dispose();
    expect(trained.facts.updates).toBe(20);
    const { modelReward } = trained.facts.lastRollout as unknown as { readonly modelReward: number };
    // Of states like those of the data, where 1 - x^2 is -0.4 in the mean.
    expect(modelReward).toBeGreaterThan(-1.2);
    expect(modelReward).toBeLessThan(0.4);
  });

  it.each([
    { type: "nearest-neighbour" },
    { type: "density", density: { type: "trajectory-transformer" } },
    { type: "scale", factor: 2, penalty: { type: "nearest-neighbour" } },
  ] as const)("trains MOPO with a penalty that looks at no member: %o", async (penalty) => {
    const pipeline = createPipeline(components, { ...mopoWith(1), penalty });
    const { trained } = await pipeline.run(here());
    await pipeline.dispose();
    const rollout = trained.facts.lastRollout as unknown as Readonly<Record<string, number>>;
    expect(rollout.penalty).toBeGreaterThan(0);
    expect(rollout.reshapedReward).toBeCloseTo(rollout.modelReward! - rollout.penalty!, 4);
  });

  it.each([
    { type: "max-aleatoric" },
    { type: "sum", penalties: [{ type: "nearest-neighbour" }, { type: "max-aleatoric" }] },
  ])("refuses penalties that look at members before anything is trained, by the reason: %o", (penalty) => {
    const config = { ...mopoWith(1), penalty } as Parameters<typeof createPipeline<typeof components>>[1];
    expect(() => createPipeline(components, config)).toThrow("the model predicts no Gaussian a member");
  });

  it("is the density of a penalty beside an ensemble", async () => {
    const pipeline = createPipeline(components, {
      ...mopoWith(1),
      dynamics: {
        type: "ensemble",
        members: 2,
        elites: 1,
        hiddenSizes: hidden,
        weightDecays: [0, 0] as number[],
        maximumEpochs: 2,
      },
      penalty: { type: "density", density: { type: "trajectory-transformer" } },
    });
    const { trained, fitted } = await pipeline.run(here());
    await pipeline.dispose();
    const { penalty } = trained.facts.lastRollout as unknown as { readonly penalty: number };
    expect(penalty).toBeGreaterThan(0);
    // Actions are uniform in [-1, 1] and have 20 bins between the least and the greatest: an even chance of each.
    const { reference } = fitted.penalty as unknown as { readonly reference: number };
    expect(Math.abs(reference + Math.log(20))).toBeLessThan(0.4);
  });

  it("plans in it: back to the middle of the line", async () => {
    const pipeline = createPipeline(components, planningBy("cem", 1200));
    await pipeline.run(here());
    const policy = await pipeline.policy(here(), "last");
    const observed = { rows: 2, columns: 2, data: Float32Array.of(1.5, 0.75, -1.5, -0.75) };
    const { actions } = await policy.act(observed, await policy.init(2, 0), { deterministic: true });
    expect(actions.data[0]).toBeLessThan(-0.5);
    expect(actions.data[1]).toBeGreaterThan(0.5);
    await policy.close();
    await pipeline.dispose();
  });

  it("refuses planners by gradients, by the reason", async () => {
    const pipeline = createPipeline(components, planningBy("gradient", 20));
    await pipeline.run(here());
    await expect(pipeline.policy(here(), "last")).rejects.toThrow("the model of the dynamics is not differentiable");
    await pipeline.dispose();
  });
});
