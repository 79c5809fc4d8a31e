import { float32, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, expect, it } from "vitest";
import {
  actionLogProbabilities,
  createDecoder,
  createTokenDensity,
  dynamicsTensors,
  encode,
  tokenLogProbabilities,
} from "../src/index.js";
import { handModel } from "./hand-model.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

// An action that repeats the observation's bin has odds e^2 against each other one; all else is even.
const fitted = handModel((place, last, next) => (place === 0 && next === last ? 2 : 0));
const even = -Math.log(5);
const repeats = 2 - Math.log(Math.exp(2) + 4);
const others = -Math.log(Math.exp(2) + 4);

it("gives log-probabilities of trajectories and of their actions as computed by hand", async () => {
  const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
  const tokens = Int32Array.of(3, 3, 0, 1, 2, 4, 1, 1, /* second sequence */ 0, 1, 1, 1, 4, 4, 2, 0);
  const logs = await tokenLogProbabilities(decoder, tokens, 2);
  const expected = [0, repeats, even, even, even, others, even, even, 0, others, even, even, even, repeats, even, even];
  expected.forEach((value, i) => {
    expect(logs[i]).toBeCloseTo(value, 5);
  });
  const actions = actionLogProbabilities(logs, 2, fitted.sizes);
  [repeats, others, others, repeats].forEach((value, i) => {
    expect(actions[i]).toBeCloseTo(value, 5);
  });
  await decoder.close();
});

it("says in a graph how likely actions are, as the cached decoder does", async () => {
  const fitted = randomModel({ observation: 3, action: 2, terminates: true });
  const density = createTokenDensity();
  const tensors = dynamicsTensors(fitted);
  const program = await engine.compile({
    name: "density",
    state: density.parameters(tensors),
    inputs: { observation: float32(20, 3), action: float32(20, 2) },
    noise: {},
    fn: ({ observation, action, ...params }) => ({
      log: density.logProbability({ observation: observation!, action: action! }, params),
    }),
  });
  const spread = (count: number) =>
    Random.fromSeed(count)
      .uniform(new Float32Array(count))
      .map((u) => 2 * u - 1);
  const [observation, action] = [spread(60), spread(40)];
  const { log } = await program.run(new Map(Object.entries(tensors)), { observation, action });
  const rows = Array.from({ length: 20 }, (_, row) => [
    ...observation.subarray(3 * row, 3 * row + 3),
    ...action.subarray(2 * row, 2 * row + 2),
  ]);
  const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
  const logs = await tokenLogProbabilities(decoder, encode(fitted.discretiser, rows.flat(), { from: 0, count: 5 }), 20);
  for (let row = 0; row < 20; row++) expect(log!.data[row]).toBeCloseTo(logs[5 * row + 3]! + logs[5 * row + 4]!, 4);
  action[0] = Number.NaN;
  const again = await program.run(new Map(Object.entries(tensors)), { observation, action });
  expect([...again.log!.data].map(Number.isNaN)).toEqual(Array.from({ length: 20 }, (_, row) => row === 0));
  await program.dispose();
  await decoder.close();
});

it("refuses sequences longer than the model's context, and of unequal lengths", async () => {
  const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
  await expect(tokenLogProbabilities(decoder, new Int32Array(25), 1)).rejects.toThrow("position 23");
  await expect(tokenLogProbabilities(decoder, new Int32Array(7), 2)).rejects.toThrow("7 tokens for 2 sequences");
  await decoder.close();
});
