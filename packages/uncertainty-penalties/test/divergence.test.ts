import { hostFloat32 } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compute } from "../../../tools/parity/subjects/compute.js";
import { type DivergenceOptions, divergence, jensenRenyi } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
beforeAll(async () => {
  await tf.setBackend("cpu");
});
afterAll(() => engine.dispose());

const observations = { over: "maximum", members: "all", reward: "exclude" } as const;

// A standard normal beside N(mean, exp(logVar)): nearly as wide, and up to 10^13 times as wide or as narrow.
const pairs = [0, 1e-3, 2].flatMap((mean) => [1e-3, -1e-3, 1, 20, -20, 60, -60].map((logVar) => ({ mean, logVar })));

/** sqrt(1 - BC^2), BC = sqrt(2 s / (1 + s^2)) exp(-m^2 / (4 (1 + s^2))) and (1 + s^2) / (2 s) = 1 + (1 - s)^2 / (2 s). */
function hellinger(mean: number, std: number): number {
  const log = -0.5 * Math.log1p((1 - std) ** 2 / (2 * std)) - mean ** 2 / (4 * (1 + std ** 2));
  return Math.sqrt(-Math.expm1(2 * log));
}
const wasserstein = (mean: number, std: number): number => Math.hypot(mean, 1 - std);

async function ofPairs(on: typeof engine, measure: DivergenceOptions["measure"]) {
  const inputs = {
    mean: hostFloat32(
      Float32Array.from(pairs, ({ mean }) => mean),
      pairs.length,
      1,
    ),
    logVar: hostFloat32(
      Float32Array.from(pairs, ({ logVar }) => logVar),
      pairs.length,
      1,
    ),
  };
  const { u } = await compute(on, inputs, ({ mean, logVar }) => {
    const [means, logVars] = [mean, logVar].map((values) => tf.stack([tf.zerosLike(values!), values!]));
    // The reward's column is there to be left out.
    const both = tf.concat([logVars!, tf.onesLike(logVars!)], -1);
    return { u: divergence(predicted(means!, both), { ...observations, measure }) };
  });
  return u!;
}

/** Penalties' inputs of members' Gaussians: [members, batch, observation], [members, batch, observation + 1]. */
function predicted(meanObservation: tf.Tensor, logVar: tf.Tensor) {
  const [members, batch] = meanObservation.shape as [number, number];
  return {
    observation: tf.zeros([batch, 1]),
    action: tf.zeros([batch, 1]),
    meanObservation,
    meanReward: tf.zeros([members, batch, 1]),
    logVar,
    sampleObservation: tf.zeros([batch, 1]),
    sampleReward: tf.zeros([batch, 1]),
    elites: tf.tensor1d([0], "int32"),
  };
}

describe.each([
  ["onnx", engine],
  ["eager", eager],
] as const)("on %s keeps its digits, of nearly equal and of very different Gaussians", (_, on) => {
  it.each([
    ["hellinger", hellinger],
    ["wasserstein-2", wasserstein],
  ] as const)("%s", async (measure, wanted) => {
    const got = await ofPairs(on, measure);
    for (const [row, { mean, logVar }] of pairs.entries()) {
      const exact = wanted(mean, Math.exp(logVar / 2));
      expect(Math.abs(got[row]! - exact) / exact, `${mean}, ${logVar}`).toBeLessThan(1e-5);
    }
  });
});

describe.each(["pinsker", "total-variation-bound"] as const)("%s of members that are all but equal", (measure) => {
  it.each([
    ["onnx", engine],
    ["eager", eager],
  ] as const)("is a number on %s", async (_, on) => {
    // Apart by 1, 2, ... times 1e-7.
    const steps = Float32Array.from({ length: 64 }, (__, k) => 1e-7 * (k + 1));
    const { u } = await compute(on, { steps: hostFloat32(steps, 64, 1) }, ({ steps: apart }) => {
      const logVar = tf.stack([tf.zerosLike(apart!), apart!]);
      const both = tf.concat([logVar, tf.onesLike(logVar)], -1);
      return { u: divergence(predicted(tf.zerosLike(logVar), both), { ...observations, measure }) };
    });
    for (const value of u!) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1e-4);
    }
  });
});

it("jensen-renyi of pairs is that of two members at once, pair by pair", () => {
  const members = [
    { mean: [0, 1], logVar: [0, -1, 9] },
    { mean: [2, 1], logVar: [1, 0, 9] },
    { mean: [-1, 4], logVar: [0.5, 0.5, 9] },
  ];
  const of = (some: typeof members) => ({
    mean: tf.tensor3d(some.map(({ mean }) => [mean])),
    logVar: tf.tensor3d(some.map(({ logVar }) => [logVar.slice(0, 2)])),
  });
  const each = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map((pair) => jensenRenyi(of(pair.map((index) => members[index]!))).dataSync()[0]!);
  const inputs = predicted(of(members).mean, tf.tensor3d(members.map(({ logVar }) => [logVar])));
  const u = (over: "maximum" | "mean") =>
    divergence(inputs, { ...observations, measure: "jensen-renyi", over }).dataSync()[0];
  expect(u("maximum")).toBeCloseTo(Math.max(...each), 6);
  expect(u("mean")).toBeCloseTo(
    each.reduce((total, value) => total + value / 3, 0),
    6,
  );
});
