import { Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomNetworkDistillation } from "../src/index.js";
import { fitted, logOf, paramsOf, penaltyOf, seenAt } from "./world.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
beforeAll(async () => {
  await tf.setBackend("cpu");
});
afterAll(() => engine.dispose());

describe("random-network-distillation", () => {
  it("is the root mean squared difference of the two networks' features, by hand", () => {
    // Two inputs, two hidden units, two features: weights [inputs, outputs] of a layer, then its biases.
    const network = [1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0];
    const frozen = [1, 0, 0, -1, 0, 1, 2, 0, 0, 1, 1, -1];
    const params = {
      network: tf.tensor1d(network),
      frozen: tf.tensor1d(frozen),
      inputMean: tf.tensor1d([1, 0]),
      inputStd: tf.tensor1d([2, 1]),
    };
    // Standardised (1, 3) and (-1, 0.5).
    const at = { observation: tf.tensor2d([[3], [-1]]), action: tf.tensor2d([[3], [0.5]]) };
    // Predictor: hidden (1, 3), features (1, 1 + 3); hidden (0, 0.5), features (0, 0.5).
    // Frozen: hidden (1, 0), features (2 + 1, -1); hidden (0, 0.5), features (1, 0.5 - 1).
    const u = randomNetworkDistillation(at, params, { hiddenSizes: [2], features: 2 }).dataSync();
    expect(u[0]).toBeCloseTo(Math.sqrt((2 ** 2 + 5 ** 2) / 2), 5);
    expect(u[1]).toBeCloseTo(1, 5);
  });

  // Logged actions follow the observation. With the action turned round each entry is as usual by itself and the pair as
  // long as before, but none like it was logged: networks that learnt nothing err about alike on both.
  const ROWS = 400;
  const noise = Random.fromSeed(11).normal(new Float32Array(2 * ROWS));
  const observations = noise.slice(0, ROWS);
  const actions = observations.map((x, row) => x + 0.05 * noise[ROWS + row]!);
  const logged = logOf({ observation: 1, action: 1, observations, actions, nextObservations: observations }, 20);

  async function meanErrors(updates: number): Promise<{ onData: number; away: number }> {
    const type = "random-network-distillation";
    const penalty = penaltyOf({ type, updates, hiddenSizes: [32, 32], features: 8, learningRate: 3e-3 });
    const params = paramsOf(await fitted(penalty, { dataset: logged, engine }));
    const column = (values: Float32Array): tf.Tensor => tf.tensor2d(values, [ROWS, 1]);
    const mean = (acted: Float32Array): number =>
      tf.mean(penalty.penalise(seenAt(column(observations), column(acted)), params)).dataSync()[0]!;
    return { onData: mean(actions), away: mean(actions.map((action) => -action)) };
  }

  it("errs more away from the data than on it, for what it learnt there", async () => {
    const untrained = await meanErrors(1);
    const trained = await meanErrors(1000);
    expect(untrained.away / untrained.onData).toBeLessThan(1.5);
    expect(trained.away / trained.onData).toBeGreaterThan(10);
    expect(trained.onData).toBeLessThan(untrained.onData / 10);
  });
});
