import { CapabilityError, type Planner, type PlanningModel } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine, loadCpu } from "@lowerbound/runtime";
import { LINE_OPTIMUM, playLine, randomLineReturn } from "@lowerbound/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decision, plannerPolicy } from "../src/index.js";
import { fitEnsemble, inDynamics, inEnsemble, inLstm, inSimulator, inTransformer, ownModel } from "./models.js";
import { planners as builtIn, ownPlanner } from "./planners.js";

const planners: typeof builtIn = { ...builtIn, "hill-climb": ownPlanner };
const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const models: Record<string, PlanningModel> = {};
let random = 0;

beforeAll(async () => {
  random = await randomLineReturn();
  models.exact = inDynamics(engine);
  models.ensemble = inEnsemble(engine, await fitEnsemble(engine));
  models.simulator = await inSimulator();
  models.transformer = await inTransformer(engine);
  models.lstm = await inLstm(engine);
  models.own = ownModel;
}, 120_000);
afterAll(async () => {
  for (const model of Object.values(models)) await model.close();
  await engine.dispose();
});

const play = (planner: Planner, model: PlanningModel, onPlan: (decision: Decision) => void = () => {}) =>
  playLine(plannerPolicy({ planner, model, replanEvery: 1, onPlan }) as Parameters<typeof playLine>[0]);

const names = ["exact", "ensemble", "transformer", "lstm", "simulator", "own"] as const;
const pairs = Object.keys(planners).flatMap((planner) => names.map((model) => [planner, model] as const));

describe("every planner in every model", () => {
  it.each(pairs)("%s in %s comes within a tenth of the way from random to the optimum", async (planner, name) => {
    const model = models[name]!;
    if (planner === "gradient" && model.refusesGradient !== undefined) {
      await expect(play(planners[planner]!("model"), model)).rejects.toThrow(CapabilityError);
      await expect(play(planners[planner]!("model"), model)).rejects.toThrow(model.refusesGradient);
      return;
    }
    const { total, actions } = await play(planners[planner]!("model"), model);
    expect(total).toBeGreaterThan(LINE_OPTIMUM - 0.1 * (LINE_OPTIMUM - random));
    expect(total).toBeLessThanOrEqual(LINE_OPTIMUM + 1e-6);
    expect(await play(planners[planner]!("model"), model)).toEqual({ total, actions });
  });

  it.each(pairs.filter(([planner, name]) => planner !== "gradient" || (name !== "simulator" && name !== "own")))(
    "%s in %s plans without regard to probabilities",
    async (planner, name) => {
      const { total } = await play(planners[planner]!("none"), models[name]!, ({ plan }) =>
        expect(plan.pessimism).toBe("none"),
      );
      expect(total).toBeGreaterThan(LINE_OPTIMUM - 0.1 * (LINE_OPTIMUM - random));
    },
  );
});

describe("every planner on another engine", () => {
  it.each(Object.keys(planners))("%s acts as on the compiled one", async (planner) => {
    const eager = createEagerEngine("cpu", loadCpu);
    const model = inDynamics(eager);
    const [here, there] = [
      await play(planners[planner]!("model"), models.exact!),
      await play(planners[planner]!("model"), model),
    ];
    await model.close();
    await eager.dispose();
    expect(there.total).toBeCloseTo(here.total, 3);
    there.actions.forEach((action, step) => {
      expect(action).toBeCloseTo(here.actions[step]!, 3);
    });
  });
});
