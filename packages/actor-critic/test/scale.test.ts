import { CapabilityError, drawNoise, type HostTensors, Random, type UpdateHooks } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { createSac, fitNormaliser, hostPolicy, normalise, sacOptions } from "../src/index.js";
import { engine } from "./world.js";

afterAll(() => engine.dispose());

const dimensions = { observation: 3, action: 2 };
const batch = 8;
const plain = createSac(sacOptions.parse({ hiddenSizes: [8] }));
const standardising = createSac(sacOptions.parse({ hiddenSizes: [8], standardiseObservations: true }));

const observation = Random.fromSeed(1)
  .normal(new Float32Array(batch * 3))
  .map((value, i) => [100, -3, 0.01][i % 3]! + value * [20, 1, 0.005][i % 3]!);
const nextObservation = observation.map((value) => 1.1 * value);
const scale = fitNormaliser(observation, 3);
const rest = {
  action: new Float32Array(batch * 2).fill(0.3),
  reward: Float32Array.from({ length: batch }, (_, i) => i),
  termination: new Float32Array(batch),
  fromData: new Float32Array(batch).fill(1),
};

/** The state after one update, with the same networks and noise for every optimiser. */
async function updated(
  optimiser: typeof plain,
  observations: Pick<Record<string, Float32Array>, "observation" | "nextObservation">,
  hooks: UpdateHooks = {},
): Promise<Map<string, HostTensors[string]>> {
  const compiled = await engine.compile(optimiser.update(dimensions, batch, hooks));
  const state = new Map(Object.entries(optimiser.initialise(dimensions, Random.fromSeed(2), hooks, scale)));
  await compiled.run(state, { ...rest, ...observations, ...drawNoise(Random.fromSeed(3), compiled.program.noise) });
  return state;
}

test("standardising inside is the same as standardised observations outside", async () => {
  const inside = await updated(standardising, { observation, nextObservation });
  const outside = await updated(plain, {
    observation: normalise(observation, scale),
    nextObservation: normalise(nextObservation, scale),
  });
  for (const [name, { data }] of outside) {
    const got = inside.get(name)!.data;
    for (let i = 0; i < data.length; i++) expect(Math.abs(got[i]! - data[i]!), name).toBeLessThan(1e-5);
  }
  expect(inside.get("observationMean")!.data).toEqual(scale.mean);
});

test("a penalty of the target sees observations as they were logged", async () => {
  const targetPenalty = (rows: { observation: Tensor }) => tf.mul(1000, tf.sum(rows.observation, 1, true));
  const logged = await updated(standardising, { observation, nextObservation }, { targetPenalty });
  const shifted = await updated(
    standardising,
    { observation, nextObservation },
    {
      targetPenalty: () => tf.tensor2d(rowSums(observation).map((sum) => [1000 * sum])),
    },
  );
  expect(logged.get("critic")!.data).toEqual(shifted.get("critic")!.data);
});

const rowSums = (values: Float32Array): number[] =>
  Array.from({ length: batch }, (_, row) => values[3 * row]! + values[3 * row + 1]! + values[3 * row + 2]!);

test("the policy that is saved standardises too", async () => {
  const tensors = standardising.initialise(dimensions, Random.fromSeed(2), {}, scale);
  const act = async (optimiser: typeof plain, data: Float32Array) => {
    const policy = hostPolicy(optimiser.policy, { dimensions, engine, tensors });
    const { actions } = await policy.act({ rows: batch, columns: 3, data }, await policy.init(batch, 0), {
      deterministic: true,
    });
    await policy.close();
    return [...actions.data];
  };
  const [inside, outside] = [await act(standardising, observation), await act(plain, normalise(observation, scale))];
  for (const [i, value] of inside.entries()) expect(value).toBeCloseTo(outside[i]!, 5);
});

test("a trainer that knows no scale is refused", () => {
  expect(() => standardising.initialise(dimensions, Random.fromSeed(0))).toThrow(CapabilityError);
});
