import { type CriticRegulariserInputs, type HostTensors, type Params, Random } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { logSumExp } from "../src/conservative/log-sum-exp.js";
import {
  type ConservativeSettings,
  conservativeRegulariser,
  conservativeShape,
  criticForward,
  initialiseSac,
  markedMean,
  multiplierState,
  multiplierStep,
  pairedSeparation,
  sacLayouts,
  sacOptions,
  sampleActions,
  sampledValues,
  samplePolicy,
  separation,
  softMaximum,
} from "../src/index.js";
import { regulariserInputs } from "../src/sac/losses.js";
import { cut } from "../src/sac/networks.js";

beforeAll(() => tf.setBackend("cpu"));

const dimensions = { observation: 3, action: 2 };
const sac = sacOptions.parse({ hiddenSizes: [8, 8] });
const layouts = sacLayouts(dimensions, sac.hiddenSizes);
const settings: ConservativeSettings = {
  ...z.object(conservativeShape).parse({ actionSamples: 4 }),
  weight: 3,
  pushDown: "softmax",
  compareWith: "model",
};
const values = (x: Tensor): number[] => [...x.dataSync()];
const tensorsOf = (hosts: HostTensors): Params =>
  Object.fromEntries(Object.entries(hosts).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
const drawn = (name: string, ...shape: number[]): Tensor =>
  tf.tensor(
    Random.fromSeed(7)
      .stream(name)
      .normal(new Float32Array(shape.reduce((a, b) => a * b, 1))),
    shape,
  );

describe("log-sum-exp", () => {
  it("is log 2 + 1000 of twice 1000, and its gradient sums to 1", () => {
    const x = tf.tensor2d([[1000], [1000]]);
    expect(values(logSumExp(x))[0]).toBeCloseTo(1000 + Math.log(2), 3);
    expect(values(tf.grad((y) => tf.sum(logSumExp(y)))(x))).toEqual([0.5, 0.5]);
  });

  it("of equal values is the logarithm of how many: all samples of a state, or one of each kind", () => {
    const zeros = tf.zeros([1, 3, 4, 2]);
    const softmax = { softmaxTemperature: 2 } as const;
    expect(values(softMaximum(zeros, { ...softmax, layout: "all" }))[0]).toBeCloseTo(2 * Math.log(12), 5);
    expect(values(softMaximum(zeros, { ...softmax, layout: "three" }))[0]).toBeCloseTo(2 * Math.log(3), 5);
  });
});

describe("what tells one group of values from another", () => {
  it("is the share of pairs won, a tie counting half", () => {
    const marks = tf.tensor1d([1, 0, 1, 0]);
    expect(values(separation(tf.tensor1d([3, 1, 2, 0]), marks))).toEqual([1]);
    expect(values(separation(tf.tensor1d([3, 3, 1, 0]), marks))).toEqual([0.625]);
    expect(values(separation(tf.tensor1d([3, 3, 1, 0]), tf.ones([4])))).toEqual([0]);
  });

  it("is the share of its own samples that a row beats", () => {
    const samples = tf.tensor2d([
      [0, 5],
      [1, 6],
    ]);
    expect(values(pairedSeparation(tf.tensor1d([1, 2]), samples))).toEqual([0.375]);
  });

  it("means over marked rows alone, 0 without any", () => {
    const q = tf.tensor3d([[[1], [2], [6]]]);
    expect(values(markedMean(q, tf.tensor2d([[1], [0], [1]])))).toEqual([3.5]);
    expect(values(markedMean(q, tf.zeros([3, 1])))).toEqual([0]);
  });
});

describe("the multiplier", () => {
  const at = (log: number) => ({ ...tensorsOf(multiplierState()), logMultiplier: tf.tensor1d([log]) });
  const lagrange = { threshold: 4, learningRate: 0.01 };

  it("rises by its step size while the terms lie above the threshold, and falls below", () => {
    const above = multiplierStep(tf.tensor1d([7, 3]), at(0), lagrange);
    expect(values(above.multiplier)).toEqual([1]);
    expect(values(above.gradient)).toEqual([-1]);
    expect(values(above.state.logMultiplier!)[0]).toBeCloseTo(0.01, 6);
    const below = multiplierStep(tf.tensor1d([0, 3]), at(0), lagrange);
    expect(values(below.state.logMultiplier!)[0]).toBeCloseTo(-0.01, 6);
  });

  it("stays at a million at most", () => {
    const { multiplier, gradient } = multiplierStep(tf.tensor1d([9, 9]), at(20), lagrange);
    expect(values(multiplier)).toEqual([1e6]);
    expect(Math.abs(values(gradient)[0]!)).toBe(0);
  });
});

/** Inputs of a regulariser for so many rows, as functions of the critics' flat vector. */
function inputsAt(rows: number, samples: number) {
  const state = tensorsOf(initialiseSac(Random.fromSeed(2), dimensions, sac));
  const observation = drawn("observation", rows, 3);
  const action = tf.tanh(drawn("action", rows, 2));
  const noise = {
    "noise/policy": drawn("policy", samples, rows, 2),
    "noise/nextPolicy": drawn("next", samples, rows, 2),
    "noise/uniform": tf.sigmoid(drawn("uniform", samples, rows, 2)),
  };
  const batch = {
    observation,
    action,
    reward: tf.zeros([rows, 1]),
    nextObservation: drawn("nextObservation", rows, 3),
    termination: tf.zeros([rows, 1]),
  };
  const fromData = tf.tensor2d(Array.from({ length: rows }, (_, row) => [row % 2]));
  const policy = (s: Tensor, given: Tensor) => samplePolicy(s, given, cut(state.actor!, layouts.actor), sac);
  const of = (flat: Tensor): CriticRegulariserInputs => {
    const critic = cut(flat, layouts.critic);
    return regulariserInputs(
      { batch, fromData, policy, tensors: noise },
      criticForward(observation, action, critic),
      critic,
    );
  };
  return { critic: state.critic!, of };
}

/** Small enough that few units switch on or off between both sides. */
const STEP = 2e-4;

describe("the conservative term", () => {
  it("sees the same Q of several actions as of pairs", () => {
    const { critic, of } = inputsAt(5, 2);
    const inputs = of(critic);
    const actions = tf.tanh(drawn("several", 2, 5, 2));
    const several = inputs.criticOfActions(inputs.batch.observation, actions);
    const pairs = tf.unstack(actions).map((each) => inputs.critic(inputs.batch.observation, each));
    const wanted = values(tf.transpose(tf.stack(pairs), [1, 0, 2, 3]));
    for (const [index, value] of values(several).entries()) expect(value).toBeCloseTo(wanted[index]!, 6);
  });

  it.each(["softmax", "mean"] as const)("has the gradient that finite differences show (%s)", (pushDown) => {
    const { critic, of } = inputsAt(6, 4);
    const { loss } = conservativeRegulariser({ ...settings, pushDown });
    const lossOf = (flat: Tensor) => loss(of(flat)).loss;
    const gradient = tf.grad((flat: Tensor) => lossOf(flat))(critic);
    for (const name of ["one", "two", "three"]) {
      const direction = drawn(name, critic.size);
      const step = tf.mul(STEP, direction);
      const difference = tf.sub(lossOf(tf.add(critic, step)), lossOf(tf.sub(critic, step)));
      const [slope] = values(tf.div(difference, 2 * STEP));
      const [wanted] = values(tf.sum(tf.mul(gradient, direction)));
      expect(Math.abs(slope! - wanted!)).toBeLessThan(0.01 * Math.max(1, Math.abs(wanted!)));
    }
  });

  it("is the same in groups of states as for all states at once", () => {
    const { critic, of } = inputsAt(200, 4);
    const inputs = of(critic);
    const sampled = sampleActions(inputs, inputs.batch, settings);
    const { weighted } = sampledValues(inputs.criticOfActions, inputs.batch.observation, sampled);
    const gaps = tf.sub(softMaximum(weighted, settings), markedMean(inputs.q, inputs.fromData));
    const { loss, metrics } = conservativeRegulariser(settings).loss(inputs);
    expect(values(loss)[0]).toBeCloseTo(3 * values(tf.sum(gaps))[0]!, 3);
    expect(values(metrics.conservativeTerm!)[0]).toBeCloseTo(values(tf.mean(gaps))[0]!, 4);
  });

  it("weighs uniform actions by the box they come from", () => {
    const { critic, of } = inputsAt(3, 1);
    const inputs = of(critic);
    const logDensity = (uniformDensity: "box" | "unit") =>
      values(sampleActions(inputs, inputs.batch, { maximumAction: 2, uniformDensity }).logDensity).at(-1)!;
    expect(logDensity("box")).toBeCloseTo(-2 * Math.log(4), 5);
    expect(logDensity("unit")).toBeCloseTo(-2 * Math.log(2), 5);
  });
});
