// A planning model from another package, registered as a user registers one, in the line world.
import { CapabilityError, type PlanningModel, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { LINE_OPTIMUM, memoryRun, playLine, randomLineReturn, wideLine } from "@lowerbound/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nearestStep } from "../../../examples/third-party/src/nearest-step.js";
import { plannerPolicy } from "../src/index.js";
import { dimensions } from "./models.js";
import { ALONE, planners as builtIn, ownPlanner } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const { gradient, ...planners }: typeof builtIn = { ...builtIn, "hill-climb": ownPlanner };
let model: PlanningModel;

beforeAll(async () => {
  const source = nearestStep.create(nearestStep.config.parse({}), ALONE);
  const training = {
    dataset: wideLine(900, 6),
    engine,
    random: Random.fromSeed(1),
    run: memoryRun(),
    fitted: () => ({ tensors: {}, facts: {} }),
    evaluator: undefined,
  };
  const { tensors } = await source.prepare(training, { seam: "sequences", pessimism: "model" });
  model = await source.open({ dimensions, engine, tensors });
});
afterAll(() => engine.dispose());

describe("every planner in a model of the user's own", () => {
  const cases = Object.entries(planners).flatMap(([name, make]) =>
    (["model", "none"] as const).map((pessimism) => ({ name, make, pessimism })),
  );
  it.each(cases)("$name comes near the optimum, pessimism $pessimism", async ({ make, pessimism }) => {
    const told = new Set<string>();
    const policy = plannerPolicy({
      planner: make(pessimism),
      model,
      replanEvery: 1,
      onPlan: ({ plan }) => told.add(plan.pessimism),
    });
    const { total } = await playLine(policy as Parameters<typeof playLine>[0]);
    expect(total).toBeGreaterThan(LINE_OPTIMUM - 0.1 * (LINE_OPTIMUM - (await randomLineReturn())));
    expect([...told]).toEqual([pessimism === "model" ? "penalty" : "none"]);
  });

  it("but the one by gradients, which is refused with the model's reason", async () => {
    const policy = plannerPolicy({ planner: gradient!("model"), model, replanEvery: 1 });
    const acted = playLine(policy as Parameters<typeof playLine>[0]);
    await expect(acted).rejects.toThrow(CapabilityError);
    await expect(acted).rejects.toThrow("which step is the nearest changes all at once");
  });
});
