import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ppo, sac } from "@lowerbound/actor-critic";
import {
  type Algorithm,
  ConfigError,
  type CreateContext,
  createPipeline,
  Dataset,
  defineComponent,
  type Fittable,
  type Kind,
  Optimiser,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { ensemble } from "@lowerbound/dynamics-ensemble";
import { neverTermination } from "@lowerbound/environments";
import { directory, none } from "@lowerbound/runs";
import { auto, createAutoEngine } from "@lowerbound/runtime";
import { lineWorldData } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { expectParity } from "../../../tools/parity/expect-parity.js";
import { mopo } from "../src/index.js";
import { effort, makingWith, options } from "./world.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

/** A user's penalty, in ten lines. */
const distance = defineComponent({
  kind: UncertaintyPenalty,
  type: "distance",
  summary: "distance of the sampled next observation from 0",
  config: z.object({}),
  create: () => ({
    unit: "state",
    penalise: ({ sampleObservation }) => tf.norm(sampleObservation, 2, -1),
  }),
});
const components = [
  lineWorldData,
  ensemble,
  distance,
  neverTermination,
  sac,
  ppo,
  mopo,
  auto,
  directory,
  none,
] as const;

const hidden: number[] = [16];

const config = (penaltyCoefficient: number | "auto") =>
  ({
    dataset: { type: "line-world" },
    dynamics: {
      type: "ensemble",
      members: 3,
      elites: 2,
      hiddenSizes: hidden,
      weightDecays: [0, 0] as number[],
      learningRate: 0.01,
      maximumEpochs: 8,
    },
    termination: { type: "never" },
    optimiser: { type: "sac", hiddenSizes: hidden },
    engine: { type: "auto", threads: 1 },
    run: { type: "directory" },
    logger: { type: "none" },
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

interface LastRollout {
  readonly modelReward: number;
  readonly reshapedReward: number;
  readonly penalty: number;
}

describe("MOPO", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mopo-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lowers the model's rewards by the coefficient times the penalty", async () => {
    const pipeline = createPipeline(components, { ...config(2.5), penalty: { type: "distance" } });
    const { trained } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    await pipeline.dispose();
    const { modelReward, reshapedReward, penalty } = trained.facts.lastRollout as unknown as LastRollout;
    expect(penalty).toBeGreaterThan(0.1);
    expect(reshapedReward).toBeCloseTo(modelReward - 2.5 * penalty, 4);
  });

  it("works with an optimiser that learns from fresh rollouts, by one line", async () => {
    const pipeline = createPipeline(components, {
      ...config(2.5),
      penalty: { type: "distance" },
      optimiser: { type: "ppo", hiddenSizes: hidden },
    });
    const { trained } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    await pipeline.dispose();
    expect(trained.facts.updates).toBe(20);
    const { modelReward, reshapedReward, penalty } = trained.facts.lastRollout as unknown as LastRollout;
    expect(reshapedReward).toBeCloseTo(modelReward - 2.5 * penalty, 4);
  });

  it("is the naive method at coefficient 0, for which no penalty is needed", async () => {
    const pipeline = createPipeline(components, config(0));
    const { trained } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    await pipeline.dispose();
    const { modelReward, reshapedReward, penalty } = trained.facts.lastRollout as unknown as LastRollout;
    expect(penalty).toBe(0);
    expect(reshapedReward).toBe(modelReward);
  });

  it("chooses its coefficient by one line, on a model fitted without the held-out episodes", async () => {
    const base = config("auto");
    const candidates: number[] = [0.5, 2];
    const pipeline = createPipeline(components, {
      ...base,
      penalty: { type: "distance" },
      algorithm: {
        ...base.algorithm,
        penaltyCandidates: candidates,
        candidateUpdates: 10,
        valueUpdates: 20,
        calibrationHeldOut: 0.5,
      },
    });
    const { trained, fitted } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    const [all, heldOut] = [pipeline.get(Dataset), await pipeline.heldOutDataset()];
    for (const each of candidates) {
      const policy = await pipeline.policy({ directory: join(folder, "run"), quiet: true }, `lambda-${each}`);
      await policy.close();
    }
    await pipeline.dispose();
    const calibration = fitted.algorithm as unknown as { coefficient: number; heldOutRows: number };
    expect(calibration.coefficient).toBeGreaterThan(0);
    expect(calibration.heldOutRows).toBe((await heldOut!.transitions()).count);
    expect(calibration.heldOutRows).toBe((await all.transitions()).count / 2);
    const selection = trained.facts.selection as unknown as { rule: string; coefficient: number };
    expect(selection).toMatchObject({ rule: "theorem", coefficient: calibration.coefficient });
    expect(candidates).toContain(trained.facts.penaltyCoefficient);
  });

  it("holds episodes out for the theorem's coefficient alone", () => {
    const holdsOut = (selection: "theorem" | "fqe", penalty = effort()) => {
      const chosen = { ...options, selection, calibrationHeldOut: 0.25 };
      return (mopo.create(chosen, makingWith(0, penalty)) as Algorithm & Fittable).holdsOut;
    };
    expect(holdsOut("theorem")).toBe(0.25);
    expect(holdsOut("fqe")).toBeUndefined();
    // No coefficient is calibrated for what looks at a candidate's critic.
    expect(holdsOut("theorem", { ...effort(), requests: ["critic"] })).toBeUndefined();
  });

  it("refuses a realRatio without a row before anything is fitted", () => {
    for (const penaltyCoefficient of [0, 1, "auto"] as const) {
      const chosen = { ...options, penaltyCoefficient, realRatio: 0.01 };
      expect(() => mopo.create(chosen, makingWith(0))).toThrow(/realRatio 0.01 has no row of the dataset/);
    }
  });

  it("chooses by discounted returns, and refuses an optimiser without a discount before anything is fitted", () => {
    const making = makingWith(0);
    const { discount: _, ...without } = making.inject(Optimiser);
    const withoutDiscount: CreateContext = {
      ...making,
      inject: <T>(kind: Kind<string, T>): T =>
        kind.token === Optimiser.token ? (without as unknown as T) : making.inject(kind),
    };
    for (const selection of ["theorem", "fqe"] as const)
      expect(() => mopo.create({ ...options, selection }, withoutDiscount)).toThrow("does not say its discount");
    expect(() => mopo.create({ ...options, penaltyCoefficient: 1 }, withoutDiscount)).not.toThrow();
  });

  it("asks for a penalty otherwise", () => {
    expect(() => createPipeline(components, config("auto"))).toThrow(/penalty/);
    expect(() => createPipeline(components, config(1))).toThrow(ConfigError);
    expect(() => createPipeline(components, config(1))).toThrow(/penalty/);
  });
});

describe("golden files", () => {
  it.each(["hopper-max-norm", "all-end-early", "never-ends-pairwise"])("%s", (name) =>
    expectParity(new URL(`fixtures/mopo-rollout/${name}.json`, import.meta.url), engine),
  );
});
