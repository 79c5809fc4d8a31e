import { Random } from "@lowerbound/core";
import { flattenHost, initialiseNetwork, layoutOf, networkSpecs, uniformFanIn } from "@lowerbound/nn";
import { createEagerEngine } from "@lowerbound/runtime";
import { expect, it } from "vitest";
import { cloningOptions, cloningPolicy, hostPolicy, sacOptions, sacPolicy } from "../src/index.js";

const engine = createEagerEngine("cpu", async () => "cpu");
const dimensions = { observation: 2, action: 1 };

/** Sum of exp(log p) over a grid of actions, times its spacing. */
async function mass(policy: ReturnType<typeof hostPolicy>, from: number, to: number): Promise<number> {
  const rows = 4000;
  const width = (to - from) / rows;
  const actions = Float32Array.from({ length: rows }, (_, k) => from + (k + 0.5) * width);
  const observations = { rows, columns: 2, data: new Float32Array(2 * rows).fill(0.3) };
  const logs = await policy.logProbability!(observations, { rows, columns: 1, data: actions });
  return logs.reduce((sum, log) => sum + Math.exp(log) * width, 0);
}

const network = (sizes: readonly number[]) =>
  flattenHost(
    initialiseNetwork(Random.fromSeed(2), { sizes }, { weight: uniformFanIn, bias: uniformFanIn }),
    layoutOf(networkSpecs({ sizes })),
  );

it("SAC's density integrates to 1 over the action box", async () => {
  const options = sacOptions.parse({ hiddenSizes: [4] });
  const policy = hostPolicy(sacPolicy(options), { dimensions, engine, tensors: { actor: network([2, 4, 2]) } });
  expect(policy.capabilities.logProbability).toBe(true);
  expect(await mass(policy, -1, 1)).toBeCloseTo(1, 2);
});

it("a cloned Gaussian has a density, a deterministic clone says that it has none", async () => {
  const scale = { observationMean: { dtype: "float32" as const, shape: [2], data: new Float32Array(2) } };
  const std = { observationStd: { dtype: "float32" as const, shape: [2], data: Float32Array.of(1, 1) } };
  const of = (kind: "gaussian" | "deterministic", outputs: number) =>
    hostPolicy(cloningPolicy(cloningOptions.parse({ policy: kind, hiddenSizes: [4] })), {
      dimensions,
      engine,
      tensors: { network: network([2, 4, outputs]), ...scale, ...std },
    });
  expect(await mass(of("gaussian", 2), -12, 12)).toBeCloseTo(1, 2);
  const deterministic = of("deterministic", 1);
  expect(deterministic.capabilities.logProbability).toBe(false);
  expect(deterministic.logProbability).toBeUndefined();
});
