import { hostFloat32 } from "@lowerbound/core";
import { expect, test } from "vitest";
import { distinctPolicies } from "../src/ope/distinct.js";

const snapshot = (name: string, weight: number, critic = 0) => ({
  name,
  truth: undefined,
  tensors: { policy: hostFloat32(Float32Array.of(weight, 1), 2), critic: hostFloat32(Float32Array.of(critic), 1) },
});
const namesOf = (kept: readonly { readonly name: string }[]): readonly string[] => kept.map(({ name }) => name);

test("of equal policies the last stays before the best before a checkpoint, and each other one stays", () => {
  const saved = [snapshot("best", 2), snapshot("lambda-1", 4), snapshot("last", 3), snapshot("step-1", 2)];
  expect(namesOf(distinctPolicies([...saved, snapshot("step-2", 3)]))).toEqual(["last", "best", "lambda-1"]);
  expect(namesOf(distinctPolicies([snapshot("best", 3), snapshot("last", 3)]))).toEqual(["last"]);
});

test("where it is known what a policy acts by, the rest does not tell policies apart", () => {
  const saved = [snapshot("last", 3, 0), snapshot("step-1", 3, 7)];
  expect(namesOf(distinctPolicies(saved, ["policy"]))).toEqual(["last"]);
  expect(namesOf(distinctPolicies(saved))).toEqual(["last", "step-1"]);
  // Names of parts that the run does not keep tell nothing.
  expect(namesOf(distinctPolicies(saved, ["planner"]))).toEqual(["last", "step-1"]);
});

test("a policy of other sizes or other parts is another one", () => {
  const wide = { ...snapshot("step-1", 3), tensors: { policy: hostFloat32(Float32Array.of(3, 1, 0), 3) } };
  const more = {
    ...snapshot("step-2", 3),
    tensors: { ...snapshot("", 3).tensors, more: hostFloat32(Float32Array.of(1), 1) },
  };
  expect(namesOf(distinctPolicies([snapshot("last", 3), wide, more]))).toEqual(["last", "step-1", "step-2"]);
});
