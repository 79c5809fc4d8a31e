import { type CreateContext, hostFloat32 } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { penaltyConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import {
  bellmanInconsistencyPenalty,
  divergencePenalty,
  ensembleVariancePenalty,
  nearestNeighbourPenalty,
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
  describe("nearest-neighbour", () => {
    const make = () => nearestNeighbourPenalty.create(nearestNeighbourPenalty.config.parse({ neighbours: 2 }), ALONE);
    const points = Float32Array.from({ length: 6 * 9 }, (_, i) => Math.sin(7 * i));
    const halves = Float32Array.from({ length: 9 }, (_, point) =>
      points.reduce((total, x, i) => total + (i % 9 === point ? (x * x) / 2 : 0), 0),
    );
    const fitted = {
      points: hostFloat32(points, 6, 9),
      halfSquares: hostFloat32(halves, 1, 9),
      inputMean: hostFloat32(new Float32Array(6), 6),
      inputStd: hostFloat32(new Float32Array(6).fill(1), 6),
    };
    it.each(penaltyConformance(make, { engines, zeroWhenMembersAgree: false, fitted }))("$name", ({ run }) => run());
  });
});
