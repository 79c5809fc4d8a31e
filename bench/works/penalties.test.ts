import { standardComponents } from "@lowerbound/standard";
import { expect, it } from "vitest";
import { timedPenalties } from "./penalties.js";

it("times every penalty but combinations of others", () => {
  const combinators = ["sum", "max", "scale", "clip"];
  const types = standardComponents.filter(({ kind }) => kind.name === "penalty").map(({ type }): string => type);
  const alone = types.filter((type) => !combinators.includes(type));
  expect(timedPenalties.map(({ type }) => type).sort()).toEqual(alone.sort());
});
