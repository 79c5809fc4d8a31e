import { expect, test } from "vitest";
import { overweightNote } from "../src/dyna/overweight.js";

test("a penalty above the reward's size is worth a note, with both figures", () => {
  expect(overweightNote({ modelReward: 2.5, reshapedReward: -3.1 })).toMatch(
    /costs 5\.60 .* 2\.50: .*smaller coefficient/,
  );
  // Rewards that are costs: their size counts.
  expect(overweightNote({ modelReward: -2, reshapedReward: -4.5 })).toContain("costs 2.50");
});

test("a penalty below it is not, nor a training without rollouts", () => {
  expect(overweightNote({ modelReward: 2.49, reshapedReward: 0.12 })).toBeUndefined();
  expect(overweightNote({ modelReward: -2, reshapedReward: -3.9 })).toBeUndefined();
  expect(overweightNote({})).toBeUndefined();
});
