import type { CreateContext, PenaltyInputs } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { penaltyConformance } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";
import {
  ensembleStandardDeviation,
  ensembleStandardDeviationPenalty,
  logLikelihoodVariancePenalty,
  maxAleatoric,
  maxAleatoricPenalty,
  maxDeviation,
  maxDeviationPenalty,
  maxPairwiseDifference,
  maxPairwiseDifferencePenalty,
} from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

const ALONE: CreateContext = {
  inject: () => {
    throw new Error("penalties stand alone");
  },
  optional: () => undefined,
};

const cases = [
  { component: maxAleatoricPenalty, zeroWhenMembersAgree: false, seesReward: true },
  { component: maxDeviationPenalty, zeroWhenMembersAgree: true, seesReward: false },
  { component: maxPairwiseDifferencePenalty, zeroWhenMembersAgree: true, seesReward: false },
  { component: ensembleStandardDeviationPenalty, zeroWhenMembersAgree: true, seesReward: false },
  { component: logLikelihoodVariancePenalty, zeroWhenMembersAgree: true, seesReward: true },
];

describe.each(cases)("$component.type", ({ component, zeroWhenMembersAgree, seesReward }) => {
  const make = () => component.create(component.config.parse({}), ALONE);
  const elites = () => component.create(component.config.parse({ members: "elites", reward: "include" }), ALONE);
  it.each(penaltyConformance(make, { engines: [engine, eager], zeroWhenMembersAgree }))("$name", ({ run }) => run());
  it.each(penaltyConformance(elites, { engines: [engine, eager], zeroWhenMembersAgree }))(
    "of elites: $name",
    ({ run }) => run(),
  );
  it("says whether it looks at the reward", () => {
    expect(make().seesReward).toBe(seesReward);
    expect(elites().seesReward).toBe(true);
  });
});

describe("by hand", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  // Three members, one row, two observation entries; the reward's entry is last.
  const inputs = (): PenaltyInputs => ({
    observation: tf.zeros([1, 2]),
    action: tf.zeros([1, 1]),
    meanObservation: tf.tensor3d([[[0, 0]], [[3, 4]], [[0, 1]]]),
    meanReward: tf.tensor3d([[[0]], [[0]], [[12]]]),
    logVar: tf.log(tf.tensor3d([[[1, 4, 4]], [[8, 16, 1]], [[1, 1, 1]]])),
    sampleObservation: tf.zeros([1, 2]),
    sampleReward: tf.zeros([1, 1]),
    elites: tf.tensor1d([0, 2], "int32"),
  });
  const value = (u: tf.Tensor): number => u.dataSync()[0]!;

  it.each([
    ["max-aleatoric", maxAleatoric, "all", "include", 5],
    ["max-aleatoric of elites", maxAleatoric, "elites", "include", 3],
    ["max-aleatoric without reward", maxAleatoric, "elites", "exclude", Math.sqrt(5)],
    ["max-pairwise-difference", maxPairwiseDifference, "all", "exclude", 5],
    ["max-pairwise-difference of elites", maxPairwiseDifference, "elites", "exclude", 1],
    ["max-pairwise-difference with reward", maxPairwiseDifference, "elites", "include", Math.sqrt(145)],
    // The mean is (1, 5/3): the second member lies (2, 7/3) from it.
    ["max-deviation", maxDeviation, "all", "exclude", Math.sqrt(4 + 49 / 9)],
    // Variances 2 and 26/9.
    ["ensemble-standard-deviation", ensembleStandardDeviation, "all", "exclude", Math.sqrt((2 + 26 / 9) / 2)],
  ] as const)("%s", (_, penalty, members, reward, wanted) => {
    expect(value(penalty(inputs(), { members, reward }))).toBeCloseTo(wanted, 5);
  });
});

describe("golden files", () => {
  it.each(["ensemble-a", "ensemble-b", "gaussians"])("%s", (name) =>
    expectParity(new URL(`fixtures/penalties/${name}.json`, import.meta.url), engine),
  );
});
