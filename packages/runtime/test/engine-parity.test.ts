import {
  CapabilityError,
  createPipeline,
  drawNoise,
  type Engine,
  Engine as EngineKind,
  float32,
  Random,
  type TensorProgram,
} from "@lowerbound/core";
import { compareEngines } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { engines } from "../src/index.js";
import { actorCritic } from "./update-programs.js";

const [INPUTS, HIDDEN, BATCH] = [5, 16, 12];

/** One Adam step of a two-layer network on a squared error, with a gather in the loss. */
const program: TensorProgram = {
  name: "network update",
  state: { w1: float32(INPUTS, HIDDEN), w2: float32(HIDDEN, 3), m: float32(INPUTS, HIDDEN) },
  inputs: { x: float32(BATCH, INPUTS), y: float32(BATCH, 3) },
  noise: { pick: { distribution: "choice", shape: [4], values: [0, 1, 2, 3, 4] } },
  fn: ({ w1, w2, m, x, y, pick }) => {
    const loss = (a: tf.Tensor, b: tf.Tensor) => {
      const hidden = tf.matMul(x as tf.Tensor2D, a as tf.Tensor2D);
      const output = tf.matMul(hidden.mul(tf.sigmoid(hidden)), b as tf.Tensor2D);
      const rows = tf.gather(a, pick as tf.Tensor1D);
      return tf.mean(tf.squaredDifference(output, y!)).add(tf.mean(tf.square(rows)).mul(0.1)) as tf.Scalar;
    };
    const [g1, g2] = tf.grads(loss)([w1!, w2!]) as [tf.Tensor, tf.Tensor];
    const moment = tf.add(tf.mul(m!, 0.9), tf.mul(g1, 0.1));
    return { loss: loss(w1!, w2!), w1: tf.sub(w1!, tf.mul(moment, 0.1)), w2: tf.sub(w2!, tf.mul(g2, 0.1)), m: moment };
  },
};

const random = Random.fromSeed(3);
const normal = (...shape: number[]) => random.normal(new Float32Array(shape.reduce((p, s) => p * s, 1)));
const host = (...shape: number[]) => ({ dtype: "float32" as const, shape, data: normal(...shape) });
const run = {
  program,
  state: { w1: host(INPUTS, HIDDEN), w2: host(HIDDEN, 3), m: host(INPUTS, HIDDEN) },
  runs: [0, 1, 2].map(() => ({ x: normal(BATCH, INPUTS), y: normal(BATCH, 3), pick: Int32Array.of(0, 3, 3, 1) })),
};

const filled = Object.fromEntries(
  Object.entries(actorCritic.state).map(([name, { shape }]) => {
    const start = host(...shape);
    return [name, name.startsWith("v/") ? { ...start, data: start.data.map(Math.abs) } : start];
  }),
);
const drawn = () => {
  const data = Object.entries(actorCritic.inputs).map(([name, { shape }]) => [name, normal(...shape)] as const);
  return { ...Object.fromEntries(data), ...drawNoise(random, actorCritic.noise) };
};
const actorCriticRun = { program: actorCritic, state: filled, runs: [drawn(), drawn(), drawn()] };
const entriesOf = (state: typeof filled) =>
  Object.entries(state).map(([name, tensor]) => [name, { ...tensor }] as const);

/** Products whose batch dimensions broadcast: in the first place, in the last, in both operands, and with one rank less. */
const products: TensorProgram = {
  name: "broadcast products",
  state: {},
  inputs: { x: float32(2, 3, 1, 4), y: float32(2, 1, 5, 4), z: float32(1, 3, 4, 2), w: float32(3, 5, 4) },
  noise: {},
  fn: ({ x, y, z, w }) => ({
    last: tf.matMul(x!, y!, false, true),
    both: tf.matMul(y!, z!),
    rank: tf.matMul(x!, w!, false, true),
    reversed: tf.matMul(w!, tf.transpose(x!, [0, 1, 3, 2])),
  }),
};
const productRun = {
  program: products,
  state: {},
  runs: [{ x: normal(2, 3, 1, 4), y: normal(2, 1, 5, 4), z: normal(1, 3, 4, 2), w: normal(3, 5, 4) }],
};

const parityRuns = [run, actorCriticRun, productRun];

const engine = (type: string): Engine => createPipeline(engines, { engine: { type } }).get(EngineKind);
const available = process.env.LOWERBOUND_TFJS_NODE !== undefined;

describe("every engine computes the same", () => {
  test.each(["onnx", "onnx-web", "wasm", "auto"])("%s as cpu", async (type) => {
    for (const each of parityRuns) expect(await compareEngines(each, [engine("cpu"), engine(type)])).toEqual([]);
  });

  test.skipIf(!available)("tfjs-node as cpu (skipped unless LOWERBOUND_TFJS_NODE names a build)", async () => {
    for (const each of parityRuns) expect(await compareEngines(each, [engine("cpu"), engine("tfjs-node")])).toEqual([]);
  });

  test("a difference is found, with engine, tensor and place", async () => {
    const wrong: Engine = {
      ...engine("cpu"),
      name: "wrong",
      compile: (p) => engine("cpu").compile({ ...p, fn: (tensors) => ({ ...p.fn(tensors), loss: tf.scalar(1) }) }),
    };
    const found = await compareEngines(run, [engine("cpu"), wrong]);
    expect(found.map(({ engine: name, tensor }) => `${name} ${tensor}`)).toEqual([
      "wrong 0:loss",
      "wrong 1:loss",
      "wrong 2:loss",
    ]);
  });
});

describe("compiled gradients are slopes of the compiled loss", () => {
  const [EPSILON, TOLERANCE] = [1e-2, 2e-2];
  const inputs = drawn();
  const entries = Object.entries(filled);
  const at = async (name: string, index: number, by: number) => {
    const state = new Map(entries.map(([key, value]) => [key, { ...value, data: value.data.slice() }]));
    state.get(name)!.data[index]! += by;
    const compiled = await engine("onnx").compile(actorCritic);
    const results = await compiled.run(state, inputs);
    await compiled.dispose();
    return results;
  };

  // The actor's loss is taken at the updated critic, which does not depend on the actor.
  test.each([
    ["critic", "criticLoss", "criticGradient"],
    ["actor", "actorLoss", "actorGradient"],
  ])("%s", async (name, loss, gradient) => {
    const exact = (await at(name, 0, 0))[gradient]!.data.slice();
    const largest = Math.max(...exact.map(Math.abs));
    for (const index of [0, 7, 13, 31, exact.length - 1]) {
      const [above, below] = [await at(name, index, EPSILON), await at(name, index, -EPSILON)];
      const slope = (above[loss]!.data[0]! - below[loss]!.data[0]!) / (2 * EPSILON);
      expect(Math.abs(slope - exact[index]!), `${name}[${index}]`).toBeLessThan(TOLERANCE * largest);
    }
  });
});

describe("TensorFlow.js is left as it was", () => {
  test("an eager engine and a trace give the backend back", async () => {
    await tf.setBackend("cpu");
    const tensors = tf.memory().numTensors;
    for (const type of ["wasm", "onnx"]) {
      const compiled = await engine(type).compile(actorCritic);
      await compiled.run(new Map(entriesOf(filled)), drawn());
      expect(tf.getBackend()).toBe("cpu");
    }
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe("what is not there", () => {
  test.skipIf(available)("tfjs-node says how to get it", async () => {
    await expect(engine("tfjs-node").compile(program)).rejects.toThrow(CapabilityError);
  });

  test.each(["cuda", "webgpu"])("execution provider %s is refused with the remedy", async (provider) => {
    const onnx = createPipeline(engines, { engine: { type: "onnx", provider } }).get(EngineKind);
    await expect(onnx.compile(program)).rejects.toThrow(/no execution provider "(cuda|webgpu)"[\s\S]*provider: cpu/);
  });
});
