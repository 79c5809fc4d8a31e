import { standardComponents } from "@lowerbound/standard";
import { divergencePenalty } from "@lowerbound/uncertainty-penalties";
import { expect, it } from "vitest";
import { timedPenalties } from "./penalties.js";

it("times every penalty but combinations of others", () => {
  const combinators = ["sum", "max", "scale", "clip"];
  const types = standardComponents.filter(({ kind }) => kind.name === "penalty").map(({ type }): string => type);
  const alone = types.filter((type) => !combinators.includes(type));
  expect([...new Set(timedPenalties.map(({ type }) => type))].sort()).toEqual(alone.sort());
});

it("times every measure of divergence once", () => {
  const timed = timedPenalties.filter(({ type }) => type === "divergence");
  const measures = timed.map((options) => divergencePenalty.config.parse(options).measure);
  expect(measures.sort()).toEqual([...divergencePenalty.config.shape.measure.unwrap().options].sort());
});
