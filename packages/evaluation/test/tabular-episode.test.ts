import { DataError } from "@lowerbound/core";
import { expect, it } from "vitest";
import { tabularEpisode } from "../src/index.js";

it.each([2, -1, 0.5, Number.NaN])("refuses an action that is none: %d of two", (action) => {
  const uniform = new Float64Array(4).fill(0.5);
  const episodeOf = () =>
    tabularEpisode(
      { states: [1, 0], actions: [0, action], rewards: [0, 0] },
      { actions: 2, target: uniform, behaviour: uniform },
    );
  expect(episodeOf).toThrow(DataError);
  expect(episodeOf).toThrow(`step 1: there is no action ${action}`);
});
