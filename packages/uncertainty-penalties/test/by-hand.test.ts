import { createUntypedPipeline, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bellmanInconsistency,
  compose,
  divergence,
  ensembleVariance,
  jensenRenyi,
  logLikelihoodVariance,
  mixtureLogProbability,
  nearestNeighbour,
} from "../src/index.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const value = (u: tf.Tensor): number => u.dataSync()[0]!;

// Two members, one row, one observation entry and the reward.
const inputs = (): PenaltyInputs => ({
  observation: tf.tensor2d([[0]]),
  action: tf.tensor2d([[0]]),
  meanObservation: tf.tensor3d([[[0]], [[2]]]),
  meanReward: tf.tensor3d([[[1]], [[1]]]),
  logVar: tf.log(tf.tensor3d([[[1, 4]], [[3, 4]]])),
  sampleObservation: tf.tensor2d([[1]]),
  sampleReward: tf.tensor2d([[1]]),
  elites: tf.tensor1d([0, 1], "int32"),
});
const all = { members: "all", reward: "include" } as const;

describe("by hand", () => {
  it("ensemble-variance", () => {
    // Variances 2 + 1 of the observation and 4 of the reward.
    expect(value(ensembleVariance(inputs(), { ...all, root: false }))).toBeCloseTo(5, 5);
    expect(value(ensembleVariance(inputs(), { ...all, root: true }))).toBeCloseTo(Math.sqrt(7), 5);
  });

  it("log-likelihood-variance", () => {
    // -1/2 (1 + log 1) and -1/2 (1/3 + log 3); the reward's terms are equal.
    const [first, second] = [-0.5, -0.5 * (1 / 3 + Math.log(3))];
    expect(value(logLikelihoodVariance(inputs(), all))).toBeCloseTo(((first - second) / 2) ** 2, 6);
  });

  const kl12 = 0.5 * (Math.log(3) + (1 + 4) / 3 - 1);
  const kl21 = 0.5 * (-Math.log(3) + 3 + 4 - 1);
  it.each([
    ["kl", "maximum", Math.max(kl12, kl21)],
    ["kl", "mean", (kl12 + kl21) / 2],
    ["wasserstein-2", "maximum", Math.sqrt(4 + (Math.sqrt(3) - 1) ** 2)],
    ["wasserstein-2", "mean", Math.sqrt(4 + (Math.sqrt(3) - 1) ** 2)],
    ["pinsker", "maximum", 1],
  ] as const)("divergence %s, %s", (measure, over, wanted) => {
    expect(value(divergence(inputs(), { ...all, measure, over }))).toBeCloseTo(wanted, 5);
  });

  it("takes the mean of a symmetric divergence over all pairs of an even and an odd number of members", () => {
    for (const means of [
      [0, 1, 3],
      [0, 1, 3, 7],
    ]) {
      const many = {
        ...inputs(),
        meanObservation: tf.tensor3d(means.map((mean) => [[mean]])),
        meanReward: tf.zeros([means.length, 1, 1]),
        logVar: tf.zeros([means.length, 1, 2]),
      };
      const distances = means.flatMap((a, i) => means.slice(i + 1).map((b) => Math.abs(a - b)));
      const wanted = distances.reduce((total, each) => total + each, 0) / distances.length;
      expect(value(divergence(many, { ...all, measure: "wasserstein-2", over: "mean" }))).toBeCloseTo(wanted, 5);
    }
  });

  it("Jensen-Renyi of two unit Gaussians a distance apart", () => {
    // The mixture's integral of p^2 is (1 + exp(-d^2 / 4)) / 2 of a single one's.
    const mean = tf.tensor3d([[[0]], [[3]]]);
    const u = jensenRenyi({ mean, logVar: tf.zerosLike(mean) });
    expect(value(u)).toBeCloseTo(-Math.log((1 + Math.exp(-9 / 4)) / 2), 5);
  });

  it("bellman-inconsistency, with and without samples", () => {
    const asked = {
      ...inputs(),
      policy: (at: tf.Tensor) => tf.mul(at, 0.5),
      // Of the two critics the second is the smaller one.
      critic: (at: tf.Tensor, act: tf.Tensor) => tf.stack([tf.add(tf.add(at, act), 5), tf.add(at, act)]),
    };
    const options = { members: "all", appliesTo: "target", discount: 0.9, samples: 0 } as const;
    // Backups 1 + 0.9 * 0 and 1 + 0.9 * 3.
    expect(value(bellmanInconsistency(asked, options))).toBeCloseTo(1.35, 5);
    const noise = { next: tf.tensor3d([[[1, 0]], [[-1, 0]]]) };
    expect(value(bellmanInconsistency({ ...asked, noise }, { ...options, samples: 2 }))).toBeCloseTo(1.35, 5);
    const up = { next: tf.tensor3d([[[1, 0]]]) };
    const spread = (0.9 * 1.5 * (2 + Math.sqrt(3) - 1)) / 2;
    expect(value(bellmanInconsistency({ ...asked, noise: up }, { ...options, samples: 1 }))).toBeCloseTo(spread, 5);
    expect(() => bellmanInconsistency(inputs(), options)).toThrow(/critic/);
    const optimiser = { type: "sac", discount: 0.9 };
    const made = (own: object) =>
      createUntypedPipeline(standardComponents, { optimiser, penalty: { type: "bellman-inconsistency", ...own } });
    // The optimiser's discount, unless it has one of its own: backups 1 and 1 + 0.8 * 3.
    expect(value(made({}).get(UncertaintyPenalty).penalise(asked, {}))).toBeCloseTo(1.35, 5);
    expect(value(made({ discount: 0.8 }).get(UncertaintyPenalty).penalise(asked, {}))).toBeCloseTo(1.2, 5);
  });

  it("nearest-neighbour: the same as distances one by one, in blocks that do not divide the points", () => {
    const points = Array.from({ length: 7 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i)]);
    const params = {
      points: tf.transpose(tf.tensor2d(points)),
      halfSquares: tf.tensor2d([points.map(([x, y]) => (x! * x! + y! * y!) / 2)]),
      inputMean: tf.tensor1d([1, 0]),
      inputStd: tf.tensor1d([2, 1]),
    };
    const at = { observation: tf.tensor2d([[2], [0.4]]), action: tf.tensor2d([[0.3], [-2]]) };
    const standard = [
      [0.5, 0.3],
      [-0.3, -2],
    ];
    for (const neighbours of [1, 3]) {
      const u = (action: tf.Tensor) => nearestNeighbour({ ...at, action }, params, { neighbours, blockPoints: 3 });
      const [got, slope] = [
        u(at.action).dataSync(),
        tf
          .grad((action) => tf.sum(u(action)))(at.action)
          .dataSync(),
      ];
      for (const [row, [x, y]] of standard.entries()) {
        const nearest = points
          .map((point) => ({ distance: Math.hypot(point[0]! - x!, point[1]! - y!), along: y! - point[1]! }))
          .sort((a, b) => a.distance - b.distance)
          .slice(0, neighbours);
        const mean = (values: readonly number[]) => values.reduce((total, each) => total + each / neighbours, 0);
        expect(got[row]).toBeCloseTo(mean(nearest.map(({ distance }) => distance)), 5);
        expect(slope[row]).toBeCloseTo(mean(nearest.map(({ distance, along }) => along / distance)), 4);
      }
    }
  });

  it("mixture density: the weighted sum of its Gaussians", () => {
    // No hidden layer; outputs: two logits, two means, two log standard deviations.
    const network = {
      weight0: tf.zeros([1, 6]),
      bias0: tf.tensor2d([[Math.log(3), 0, -1, 1, 0, Math.log(2)]]),
    };
    const options = { components: 2, hiddenSizes: [], minimumLogStd: -4 };
    const density = (x: number, mean: number, std: number) =>
      Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI));
    const wanted = Math.log(0.75 * density(0.5, -1, 1) + 0.25 * density(0.5, 1, 2));
    const got = mixtureLogProbability(tf.zeros([1, 1]), tf.tensor2d([[0.5]]), network, options);
    expect(value(got)).toBeCloseTo(wanted, 5);
  });
});

describe("a user's penalty inside a combinator", () => {
  it("keeps its noise, requests and tensors under its number", () => {
    const user: UncertaintyPenalty = {
      unit: "state",
      requests: ["policy"],
      noise: (batch) => ({ own: { distribution: "normal", shape: [batch] } }),
      penalise: ({ noise }, params) => tf.mul(noise!.own!, params.factor!),
    };
    const other: UncertaintyPenalty = { unit: "nats", penalise: () => tf.tensor1d([10]) };
    const sum = compose([other, user], { combine: (values) => tf.addN([...values]) });
    expect(Object.keys(sum.noise!(1, { observation: 1, action: 1 }))).toEqual(["1/own"]);
    expect(sum.requests).toEqual(["policy"]);
    expect(sum.unit).toBe("nats and state");
    const u = sum.penalise({ ...inputs(), noise: { "1/own": tf.tensor1d([2]) } }, { "1/factor": tf.tensor1d([3]) });
    expect(value(u)).toBe(16);
  });
});
