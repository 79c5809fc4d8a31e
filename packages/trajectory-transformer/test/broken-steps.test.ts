import { actionBox, createPipeline, Planner } from "@lowerbound/core";
import { cem, createDynamicsHost, plannerPolicy, planningModel } from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { endless } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { createTokenDynamics, dynamicsTensors, type FittedModel } from "../src/index.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const dynamics = createTokenDynamics({});
const brief = { horizon: 2, population: 20, iterations: 1, pessimism: "none" } as const;

/** Weights of a head, or of one of its tokens alone, that are not numbers. */
function brokenAt(fitted: FittedModel, head: number, token?: number): FittedModel {
  const { shape, data } = fitted.weights.heads!;
  const [, vocabulary = 0, width = 0] = shape;
  const first = (head * vocabulary + (token ?? 0)) * width;
  const broken = Float32Array.from(data).fill(
    Number.NaN,
    first,
    first + (token === undefined ? vocabulary : 1) * width,
  );
  return { ...fitted, weights: { ...fitted.weights, heads: { ...fitted.weights.heads!, data: broken } } };
}

/** Share of the rows that come to no number, of steps on tensors from an observation [2] and an action. */
function lost(fitted: FittedModel, from: readonly number[] = [0, 0], by = 0) {
  const rows = 200;
  const params = Object.fromEntries(
    Object.entries(dynamicsTensors(fitted)).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const at = { observation: tf.tile([[...from]], [rows, 1]), action: tf.fill([rows, 1], by), carry: {} };
  const noise = { tokens: tf.randomUniform([rows, 4], 0, 1, "float32", 7) };
  const { nextObservation, reward } = dynamics.step({ ...at, noise }, params);
  const share = (of: tf.Tensor) => tf.mean(tf.cast(tf.isNaN(of), "float32")).dataSync()[0]!;
  return { nextObservation: share(nextObservation), reward: share(reward) };
}

describe("steps in a Transformer whose probabilities, or what it is given, are not numbers", () => {
  // 2 observation entries, an action, reward and value, 6 bins and the end: a place's head predicts what follows it.
  it.each([
    ["the first observation token", 4, undefined],
    ["the last observation token", 0, undefined],
    ["the reward", 2, undefined],
    ["the termination alone", 3, 6],
  ])("show it, of %s: planners refuse", async (_, head, token) => {
    const fitted = brokenAt(randomModel({ terminates: true }), head, token);
    // Some rows end before they come to the token.
    const { nextObservation, reward } = lost(fitted);
    expect(nextObservation).toBeGreaterThan(0.5);
    expect(reward).toBeGreaterThan(0.5);
    const parts = {
      dimensions: fitted.sizes,
      dynamics,
      dynamicsTensors: dynamicsTensors(fitted),
      penalty: undefined,
      penaltyTensors: {},
      penaltyCoefficient: 0,
      termination: endless,
      scoring: { discount: 1, logProbabilityCoefficient: 0 },
      particles: 16,
    };
    const host = createDynamicsHost(engine, { parts, prior: undefined, rolloutRows: 512 });
    const model = planningModel(host, actionBox(1, 1));
    const planner = createPipeline([cem], { planner: { type: "cem", ...brief } }).get(Planner);
    const policy = plannerPolicy({ planner, model, replanEvery: 1 });
    const observed = { rows: 1, columns: 2, data: Float32Array.of(0.1, 0.5) };
    const acting = policy.act(observed, await policy.init(1, 0), { deterministic: true });
    await expect(acting).rejects.toThrow("finite score");
    await policy.close();
  });

  it.each([
    ["an observation", [Number.NaN, 0.2], 0],
    ["an infinite observation", [0.2, Infinity], 0],
    ["an action", [0, 0], Number.NaN],
  ])("show it, of %s that is no number", (_, observation, action) => {
    expect(lost(randomModel({ terminates: true }), observation, action)).toEqual({ nextObservation: 1, reward: 1 });
  });

  it("is not seen where they are numbers", () => {
    expect(lost(randomModel({ terminates: true }))).toEqual({ nextObservation: 0, reward: 0 });
  });
});
