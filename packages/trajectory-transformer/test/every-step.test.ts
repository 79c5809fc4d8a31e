import { behaviourCloning } from "@lowerbound/actor-critic";
import { CapabilityError, createPipeline, Dataset, defineComponent, SequenceModel } from "@lowerbound/core";
import { neverTermination } from "@lowerbound/environments";
import { beamSearchPlanner, dynamicsPlanningModel, planning } from "@lowerbound/planners";
import { directory, none } from "@lowerbound/runs";
import { auto, createAutoEngine } from "@lowerbound/runtime";
import { wideLine } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  fittedModel,
  fittedTensors,
  openTokenModel,
  trajectoryTransformer,
  trajectoryTransformerDensity,
  trajectoryTransformerDynamics,
  trajectoryTransformerPlanningModel,
} from "../src/index.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const components = [
  defineComponent({
    kind: Dataset,
    type: "wide-line",
    summary: "a point on a line",
    config: z.object({}),
    create: () => wideLine(60, 3),
  }),
  ...[trajectoryTransformer, trajectoryTransformerDensity, trajectoryTransformerDynamics],
  ...[trajectoryTransformerPlanningModel, dynamicsPlanningModel, planning, beamSearchPlanner],
  ...[behaviourCloning, neverTermination, auto, directory, none],
] as const;

const base = (step: number) =>
  ({
    dataset: { type: "wide-line" },
    sequence: { type: "trajectory-transformer", step },
    termination: { type: "never" },
    engine: { type: "auto", threads: 1 },
    run: { type: "directory" },
    logger: { type: "none" },
  }) as const;

const planner = { type: "beam-search" } as const;
const inTokens = { type: "planning", planner, model: { type: "trajectory-transformer" } } as const;

describe("a model of one step in two", () => {
  it("is refused before anything is trained where something plans in it", () => {
    expect(() => createPipeline(components, { ...base(2), algorithm: inTokens })).toThrow(CapabilityError);
    expect(() => createPipeline(components, { ...base(2), algorithm: inTokens })).toThrow(
      /sequence\.step: the model of trajectories looks at one step in 2 alone/,
    );
    expect(() => createPipeline(components, { ...base(1), algorithm: inTokens })).not.toThrow();
  });

  it("is refused where something steps in it", () => {
    const algorithm = {
      type: "planning",
      planner: { type: "beam-search", pessimism: "none" },
      model: { type: "dynamics", penaltyCoefficient: 0 },
    } as const;
    const stepping = { ...base(2), dynamics: { type: "trajectory-transformer" }, algorithm } as const;
    expect(() => createPipeline(components, stepping)).toThrow(/one step in 2 alone/);
  });

  it("is a density all the same", async () => {
    const pipeline = createPipeline(components, { ...base(2), density: { type: "trajectory-transformer" } });
    expect(pipeline.get(SequenceModel).stride).toBe(2);
    await pipeline.dispose();
  });

  it("says so in its tensors, and is not rolled out by them", () => {
    const tensors = fittedTensors({ ...randomModel(), stride: 2 });
    expect(() => openTokenModel(engine, fittedModel(tensors))).toThrow(/one step in 2 alone/);
  });
});
