import { Random } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { penaltyConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { fitted, logOf, penaltyOf } from "./world.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

/** Noise of the suite's 4 observations and 2 actions. */
function noise(seed: number, steps: number) {
  const random = Random.fromSeed(seed);
  const normal = (width: number) => random.normal(new Float32Array(steps * width));
  const rows = { observations: normal(4), actions: normal(2), nextObservations: normal(4) };
  return logOf({ observation: 4, action: 2, ...rows }, 10);
}

const pairwise = { type: "max-pairwise-difference" };
const deviation = { type: "max-deviation" };
const neighbour = { type: "nearest-neighbour", neighbours: 2, maximumPoints: 50 };
const network = { type: "random-network-distillation", updates: 20, hiddenSizes: [16], features: 8 };
const density = {
  type: "density",
  density: { type: "mixture-density", updates: 20, hiddenSizes: [16], components: 2 },
};
const conformal = { type: "conformal", errorRate: 0.2, penalty: { type: "max-aleatoric" } };

const cases: readonly [name: string, options: object, zeroWhenMembersAgree: boolean][] = [
  ["nearest-neighbour", neighbour, false],
  ["random-network-distillation", network, false],
  ["density", density, false],
  ["conformal", conformal, false],
  ["conformal of a fitted penalty", { ...conformal, penalty: network }, false],
  ["sum", { type: "sum", penalties: [pairwise, deviation], weights: [1, 0.5] }, true],
  ["sum of fitted penalties", { type: "sum", penalties: [network, density, neighbour] }, false],
  ["max", { type: "max", penalties: [pairwise, deviation] }, true],
  ["max of fitted penalties", { type: "max", penalties: [neighbour, conformal] }, false],
  ["scale", { type: "scale", factor: 2, penalty: pairwise }, true],
  ["scale of a fitted penalty", { type: "scale", factor: 2, penalty: density }, false],
  ["clip", { type: "clip", maximum: 1, penalty: deviation }, true],
  ["clip of a fitted penalty", { type: "clip", minimum: 0.1, maximum: 3, penalty: neighbour }, false],
];

describe.each(cases)("conformance of %s", async (_, options, zeroWhenMembersAgree) => {
  const tensors = await fitted(penaltyOf(options), { dataset: noise(1, 200), heldOut: noise(2, 200), engine });
  const suite = penaltyConformance(() => penaltyOf(options), {
    engines: [engine, eager],
    zeroWhenMembersAgree,
    fitted: tensors,
  });
  it.each(suite)("$name", ({ run }) => run());
});
