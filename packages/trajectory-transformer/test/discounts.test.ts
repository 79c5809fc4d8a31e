import { type Planner, Random, SequenceModel } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { beamSearchPlanner, cem, mcts } from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import {
  createTransformer,
  dynamicsTensors,
  fittedModel,
  fittedTensors,
  trajectoryTransformerPlanningModel,
  transformerOptions,
} from "../src/index.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const alone = {
  inject: () => {
    throw new Error("nothing is made here");
  },
  optional: () => undefined,
};
const planners = {
  cem: (): Planner => cem.create(cem.config.parse({}), alone),
  mcts: (discount: number): Planner => mcts.create(mcts.config.parse({ discount }), alone),
  beams: (discount: number): Planner => beamSearchPlanner.create(beamSearchPlanner.config.parse({ discount }), alone),
};

/** What is noted when a plan is prepared in a model whose values were learnt with a discount, or with one that is not known. */
async function noted(learnt: number | undefined, planner: Planner, scores: number): Promise<readonly string[]> {
  const notes: string[] = [];
  const sequence = createTransformer(transformerOptions.parse({}));
  const source = trajectoryTransformerPlanningModel.create(
    trajectoryTransformerPlanningModel.config.parse({ discount: scores }),
    {
      inject: ((kind: unknown) => (kind === SequenceModel ? sequence : alone.inject())) as never,
      optional: alone.optional,
    },
  );
  const tensors = fittedTensors({ ...randomModel(), discount: learnt });
  await source.prepare(
    {
      dataset: inMemoryDataset(lineWorld(40, 1)),
      engine,
      random: Random.fromSeed(0),
      run: { ...memoryRun(), note: (message) => void notes.push(message) },
      fitted: () => ({ tensors, facts: {} }),
      evaluator: undefined,
    },
    planner,
  );
  return notes;
}

describe("the discount of values and that of plans", () => {
  it("are compared: by the planner's own where it counts itself, else by the model's", async () => {
    expect(await noted(0.99, planners.cem(), 0.9)).toEqual([
      "values were learnt with sequence.discount 0.99, and plans count rewards with model.discount 0.9: " +
        "what follows the horizon is a sum of another kind",
    ]);
    expect(await noted(0.99, planners.mcts(1), 0.99)).toEqual([expect.stringContaining("planner.discount 1")]);
    expect(await noted(0.99, planners.beams(0.5), 0.99)).toEqual([expect.stringContaining("planner.discount 0.5")]);
  });

  it("say nothing where they agree, or values were learnt before it was kept", async () => {
    expect(await noted(0.99, planners.cem(), 0.99)).toEqual([]);
    expect(await noted(0.99, planners.beams(0.99), 0.5)).toEqual([]);
    expect(await noted(undefined, planners.mcts(1), 0.99)).toEqual([]);
  });

  it("stays with a fitted model, and out of the tensors of its steps", () => {
    const fitted = { ...randomModel(), discount: 0.5 };
    expect(fittedModel(fittedTensors(fitted)).discount).toBe(0.5);
    expect(Object.keys(dynamicsTensors(fitted))).not.toContain("discount");
  });
});
