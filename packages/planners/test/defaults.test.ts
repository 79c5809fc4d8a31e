import type { UncertaintyPenalty } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { pessimismOf, simulatorPlanningModel } from "../src/index.js";
import { exact } from "./exact.js";
import { inDynamics } from "./models.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const penalty: UncertaintyPenalty = {
  penalise: ({ observation }) => tf.squeeze(tf.slice(observation, [0, 0], [-1, 1]), [1]),
};

describe("how the model of the dynamics takes the data into account unless told otherwise", () => {
  it.each([
    ["a penalty and a prior", { penalty, withPrior: true }, "penalty", "samples"],
    ["a penalty", { penalty, withPrior: false }, "penalty", "penalty"],
    ["a prior", { withPrior: true }, "log-probability", "samples"],
    ["neither", { withPrior: false }, "none", "none"],
  ] as const)("with %s", async (_, changes, scores, searches) => {
    const model = inDynamics(engine, { dynamics: exact, ...changes });
    const chosen = (["sequences", "gradient", "proposals"] as const).map((seam) =>
      pessimismOf({ seam, pessimism: "model" }, model),
    );
    expect(chosen).toEqual([scores, scores, searches]);
    await model.close();
  });
});

describe("the simulator as a model", () => {
  it("takes no option that has no effect: it knows no P_beta", () => {
    expect(Object.keys(simulatorPlanningModel.config.shape)).toEqual(["environment", "discount"]);
  });
});
