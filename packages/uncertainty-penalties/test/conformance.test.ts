import type { CreateContext } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { penaltyConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { bellmanInconsistencyPenalty, divergencePenalty, ensembleVariancePenalty } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

const ALONE: CreateContext = {
  inject: () => {
    throw new Error("penalties stand alone");
  },
  optional: () => undefined,
};

describe("conformance", () => {
  const measures = [
    "kl",
    "jensen-renyi",
    "hellinger",
    "pinsker",
    "total-variation-bound",
    "marginal-total-variation",
    "wasserstein-2",
  ];
  const engines = [engine, eager] as const;
  describe.each(measures)("divergence %s", (measure) => {
    const make = () => divergencePenalty.create(divergencePenalty.config.parse({ measure, over: "mean" }), ALONE);
    it.each(penaltyConformance(make, { engines, zeroWhenMembersAgree: true }))("$name", ({ run }) => run());
  });
  describe("ensemble-variance", () => {
    const make = () => ensembleVariancePenalty.create(ensembleVariancePenalty.config.parse({}), ALONE);
    it.each(penaltyConformance(make, { engines, zeroWhenMembersAgree: false }))("$name", ({ run }) => run());
  });
  describe("bellman-inconsistency", () => {
    const make = () => bellmanInconsistencyPenalty.create(bellmanInconsistencyPenalty.config.parse({}), ALONE);
    it.each(penaltyConformance(make, { engines, zeroWhenMembersAgree: true }))("$name", ({ run }) => run());
  });
});
