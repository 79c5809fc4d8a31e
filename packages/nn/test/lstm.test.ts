import { type HostTensors, hostFloat32, type Params, Random } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test } from "vitest";
import { lstm, lstmCell } from "../src/index.js";

const engines = [createEagerEngine("cpu", async () => "cpu"), createAutoEngine({ threads: 1, provider: "cpu" })];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

const [time, batch, width] = [4, 3, 2];
const random = Random.fromSeed(1);
const normal = (...shape: number[]) =>
  hostFloat32(random.normal(new Float32Array(shape.reduce((a, b) => a * b, 1))), ...shape);
const given = {
  gates: normal(time, batch, 4 * width),
  recurrent: normal(width, 4 * width),
  weights: normal(time, batch, width),
};

async function evaluate(which: number, inputs: HostTensors, fn: (tensors: Params) => Record<string, tf.Tensor>) {
  const specs = Object.fromEntries(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
  const program = await engines[which]!.compile({ name: "lstm", fn, state: {}, inputs: specs, noise: {} });
  const data = Object.fromEntries(Object.entries(inputs).map(([name, host]) => [name, host.data]));
  const outputs = structuredClone(await program.run(new Map(), data));
  await program.dispose();
  return outputs;
}

const loss = ({ gates, recurrent, weights }: Params) => tf.sum(tf.mul(lstm(gates!, recurrent!), weights!));

test("a cell by hand: gates half open, a candidate of tanh 1", async () => {
  const inputs = { gates: hostFloat32(Float32Array.of(0, 0, 0, 1), 1, 4), cell: hostFloat32(Float32Array.of(2), 1, 1) };
  const { hidden, cell } = await evaluate(0, inputs, (tensors) => ({ ...lstmCell(tensors.gates!, tensors.cell!) }));
  const wanted = 0.5 * 2 + 0.5 * Math.tanh(1);
  expect(cell!.data[0]).toBeCloseTo(wanted, 6);
  expect(hidden!.data[0]).toBeCloseTo(0.5 * Math.tanh(wanted), 6);
});

describe.each([
  [0, "eager"],
  [1, "compiled"],
])("whole sequences", (which, name) => {
  test(`are the cell's steps one after another, ${name}`, async () => {
    const { whole, steps } = await evaluate(which, given, ({ gates, recurrent }) => {
      let [hidden, cell] = [tf.zeros([batch, width]), tf.zeros([batch, width])];
      const steps = tf.unstack(gates!).map((input) => {
        ({ hidden, cell } = lstmCell(tf.add(input, tf.matMul(hidden, recurrent!)), cell) as {
          hidden: tf.Tensor2D;
          cell: tf.Tensor2D;
        });
        return hidden;
      });
      return { whole: lstm(gates!, recurrent!), steps: tf.stack(steps) };
    });
    whole!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(steps!.data[i]!, 6);
    });
  });

  test.each(["gates", "recurrent"] as const)(`have the slope of finite differences in %s, ${name}`, async (of) => {
    const { slope } = await evaluate(which, given, (tensors) => ({
      slope: tf.grad((x) => loss({ ...tensors, [of]: x }))(tensors[of]!),
    }));
    const at = async (index: number, change: number) => {
      const data = Float32Array.from(given[of].data);
      data[index] = data[index]! + change;
      const moved = { ...given, [of]: { ...given[of], data } };
      return (await evaluate(which, moved, (tensors) => ({ loss: loss(tensors) }))).loss!.data[0]!;
    };
    for (let index = 0; index < given[of].data.length; index += 5) {
      const wanted = ((await at(index, 1e-2)) - (await at(index, -1e-2))) / 2e-2;
      expect(slope!.data[index]).toBeCloseTo(wanted, 2);
    }
  });
});

test("a sequence of one step has no use for the recurrent weights", async () => {
  const one = { ...given, gates: normal(1, batch, 4 * width), weights: normal(1, batch, width) };
  const { slope } = await evaluate(1, one, (tensors) => ({
    slope: tf.grad((x) => loss({ ...tensors, recurrent: x }))(tensors.recurrent!),
  }));
  expect([...slope!.data].every((value) => value === 0)).toBe(true);
});
