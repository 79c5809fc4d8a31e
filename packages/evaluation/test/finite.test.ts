import { Random } from "@lowerbound/core";
import { expect, it } from "vitest";
import { estimateOf, ratioEstimators, weighEpisode } from "../src/index.js";
import { finite } from "../src/off-policy/finite.js";

const estimated = (method: "is" | "wis", logRatio: number) => {
  const episodes = [1, -1].map((reward) =>
    weighEpisode({ rewards: Float64Array.of(reward), logRatios: Float64Array.of(logRatio) }),
  );
  const resampling = { random: Random.fromSeed(1), repetitions: 10, confidence: 0.95 };
  return finite(method, estimateOf(ratioEstimators[method], episodes, 1, resampling));
};

it("weights that overflow on rewards of both signs do so, though infinities that cancel are no number", () => {
  expect(() => estimated("is", 1000)).toThrow("weights of episodes overflow");
});

it("no weight at all is another thing", () => {
  expect(() => estimated("wis", -Infinity)).toThrow("no logged episode has any weight under the policy");
});
