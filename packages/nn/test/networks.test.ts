import { type HostTensors, Random } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  differentiate,
  flatten,
  flattenHost,
  initialiseNetwork,
  layersOf,
  layoutOf,
  mlp,
  networkSpecs,
  nonFiniteTensors,
  relu,
  softUpdate,
  swish,
  tileMembers,
  truncatedNormalFanIn,
  unflatten,
  unflattenHost,
  uniformFanIn,
} from "../src/index.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const shape = { sizes: [3, 5, 2], members: 2 };
const uniform = { weight: uniformFanIn, bias: uniformFanIn };
const tensors = (hosts: HostTensors) =>
  Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, tf.tensor(host.data, [...host.shape])]));

describe("a perceptron", () => {
  it("computes each member's layers, swish between them", () => {
    const network = initialiseNetwork(Random.fromSeed(1), { sizes: [2, 1, 1] }, uniform);
    const [w0, b0, w1, b1] = ["weight0", "bias0", "weight1", "bias1"].map((name) => [...network[name]!.data]);
    const hidden = 0.5 * w0![0]! - 2 * w0![1]! + b0![0]!;
    const wanted = (hidden / (1 + Math.exp(-hidden))) * w1![0]! + b1![0]!;
    const out = mlp(tf.tensor2d([[0.5, -2]]), layersOf(tensors(network)), swish);
    expect(out.dataSync()[0]).toBeCloseTo(wanted, 5);
  });

  it("has gradients that finite differences confirm", () => {
    const params = tensors(initialiseNetwork(Random.fromSeed(2), shape, uniform));
    const x = tileMembers(
      tf.tensor2d([
        [0.3, -1, 2],
        [1, 0.5, -0.2],
      ]),
      2,
    );
    const lossOf = (p: Record<string, tf.Tensor>) => tf.mean(tf.square(mlp(x, layersOf(p), swish)));
    const { gradients } = differentiate(params, (p) => ({ loss: lossOf(p), extras: {} }));
    for (const name of Object.keys(params)) {
      const data = Float32Array.from(params[name]!.dataSync());
      const at = (delta: number): number => {
        const moved = data.slice();
        moved[1]! += delta;
        return lossOf({ ...params, [name]: tf.tensor(moved, params[name]!.shape) }).dataSync()[0]!;
      };
      expect(gradients[name]!.dataSync()[1]).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 3);
    }
  });
});

it("has relu's and swish's slopes", () => {
  const x = tf.tensor1d([-2, 0.5, 3]);
  const slopes = (f: (x: tf.Tensor) => tf.Tensor) => [
    ...tf
      .grad((t: tf.Tensor) => tf.sum(f(t)))(x)
      .dataSync(),
  ];
  expect(slopes(relu)).toEqual([0, 1, 1]);
  const s = (v: number) => 1 / (1 + Math.exp(-v));
  for (const [i, v] of [-2, 0.5, 3].entries()) expect(slopes(swish)[i]).toBeCloseTo(s(v) * (1 + v * (1 - s(v))), 5);
});

it("hands tensors met on the way out of a differentiated function, and frees the rest", () => {
  const x = tf.tensor1d([3]);
  const before = tf.memory().numTensors;
  const kept = tf.tidy(() => {
    const { loss, gradients, extras } = differentiate({ x }, ({ x: p }) => {
      const square = tf.square(p!);
      return { loss: tf.sum(square), extras: { square } };
    });
    return [loss, gradients.x!, extras.square];
  });
  expect(kept.map((tensor) => tensor.dataSync()[0])).toEqual([9, 6, 9]);
  expect(tf.memory().numTensors).toBe(before + 3);
});

it("cuts a flat vector into tensors and joins them again, on host and device alike", () => {
  const network = initialiseNetwork(Random.fromSeed(3), shape, uniform);
  const layout = layoutOf(networkSpecs(shape));
  const flat = flattenHost(network, layout);
  expect(flat.shape).toEqual([2 * (3 * 5 + 5 + 5 * 2 + 2)]);
  const cut = unflatten(tf.tensor1d(flat.data as Float32Array), layout);
  expect(cut.weight1!.shape).toEqual([2, 5, 2]);
  expect(flatten(cut, layout).dataSync()).toEqual(flat.data);
  expect(unflattenHost(flat.data as Float32Array, layout)).toEqual(network);
});

describe("initialisers", () => {
  it("draw uniform numbers within 1 / sqrt(fanIn)", () => {
    const { data } = uniformFanIn(Random.fromSeed(4), [100, 100], 100);
    const values = [...data];
    expect(Math.max(...values)).toBeLessThanOrEqual(0.1);
    expect(Math.min(...values)).toBeLessThan(-0.099);
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0, 2);
  });

  it("draw truncated normal numbers of standard deviation 1 / (2 sqrt(fanIn)) before the cut at two", () => {
    const values = [...truncatedNormalFanIn(Random.fromSeed(5), [300, 300], 25).data];
    expect(values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)).toBeLessThanOrEqual(0.2);
    const std = Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
    // A standard normal cut at two has a standard deviation of 0.8796.
    expect(std).toBeCloseTo(0.08796, 3);
  });
});

it("moves targets by tau, and finds the tensors that are not finite", () => {
  expect(softUpdate(tf.tensor1d([1]), tf.tensor1d([3]), 0.25).dataSync()[0]).toBeCloseTo(1.5, 6);
  const host = (value: number) => ({ dtype: "float32", shape: [2], data: Float32Array.of(1, value) }) as const;
  expect(nonFiniteTensors(Object.entries({ a: host(1), b: host(Number.NaN), c: host(Infinity) }))).toEqual(["b", "c"]);
  expect(nonFiniteTensors(Object.entries({ a: host(1) }))).toEqual([]);
});
