import { Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { network } from "../src/network.js";
import { gaussianPolicy, uniformPolicy } from "../src/policies.js";
import { fromHalf } from "../src/safetensors.js";

describe("half precision", () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x8000, -0],
    [0x7c00, Infinity],
  ])("%i is %d", (bits, value) => expect(fromHalf(bits)).toBe(value));
});

const layers = [
  { inputs: 5, outputs: 2, weight: Float32Array.of(1, -1, 2, 0, 0, 1, 1, 1, -1, 2), bias: Float32Array.of(0.5, -0.5) },
  { inputs: 2, outputs: 2, weight: Float32Array.of(0.5, -1, 3, 0), bias: Float32Array.of(0.25, 1) },
];
const observation = Float32Array.of(1, 0.5, 2, -1, 0.25);

describe("policies", () => {
  it("the network is dense layers with relu between", () => {
    // hidden: 0.5 + 1 + 1 + 0 - 1 - 0.25 = 1.25 and -0.5 - 1 + 0 + 2 - 1 + 0.5 = 0, then 0.25 + 0.625 and 1 - 1.25
    expect([...network(layers)(observation)]).toEqual([0.875, -0.25]);
    expect([...network(layers)(new Float32Array(5))]).toEqual([0.5, 0.5]);
  });

  it("an action is tanh(mean + std noise), and the noise the episode's own", async () => {
    const policy = gaussianPolicy({ layers });
    const act = async (deterministic: boolean) => {
      const state = await policy.init(1, 9);
      return (await policy.act({ rows: 1, columns: 5, data: observation }, state, { deterministic })).actions.data[0];
    };
    const noise = Random.fromSeed(9).normal(new Float32Array(1))[0]!;
    expect(await act(true)).toBe(Math.fround(Math.tanh(0.875)));
    expect(await act(false)).toBe(Math.fround(Math.tanh(0.875 + Math.exp(-0.25) * noise)));
  });

  it("clips the log deviation", async () => {
    const wide = [{ inputs: 1, outputs: 2, weight: Float32Array.of(0, 100), bias: Float32Array.of(0, 0) }];
    const policy = gaussianPolicy({ layers: wide });
    const noise = Random.fromSeed(4).normal(new Float32Array(1))[0]!;
    const { actions } = await policy.act({ rows: 1, columns: 1, data: Float32Array.of(1) }, await policy.init(1, 4), {
      deterministic: false,
    });
    expect(actions.data[0]).toBe(Math.fround(Math.tanh(Math.exp(2) * noise)));
  });

  it("uniform actions fill [-1, 1)", async () => {
    const policy = uniformPolicy({ action: 2 });
    const observations = { rows: 2000, columns: 1, data: new Float32Array(2000) };
    const { data } = (await policy.act(observations, await policy.init(2000, 1), { deterministic: false })).actions;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(data.length).toBe(4000);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.min(...data)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...data)).toBeLessThan(1);
    expect(Math.min(...data)).toBeLessThan(-0.99);
  });
});
