import { Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { beamSearchPlanner, cem, gradientPlanner, icem, mcts, mppi, randomShooting } from "../src/index.js";
import { task } from "./afresh.js";
import { make } from "./planners.js";

const many = 1000;
const [horizon, population] = [4, 20];

/** Planners with much to do; what one round of each is, and how many steps its plan then has. */
const cases = {
  "random-shooting": { planner: make(randomShooting, { horizon, population, rounds: many }), round: 1, steps: horizon },
  cem: { planner: make(cem, { horizon, population, iterations: many }), round: 1, steps: horizon },
  icem: { planner: make(icem, { horizon, population, iterations: many }), round: 1, steps: horizon },
  mppi: { planner: make(mppi, { horizon, population, iterations: many }), round: 1, steps: horizon },
  gradient: { planner: make(gradientPlanner, { horizon, starts: 4, steps: many }), round: 1, steps: horizon },
  "beam-search": { planner: make(beamSearchPlanner, { horizon: many, beamWidth: 4 }), round: 1, steps: 1 },
  mcts: { planner: make(mcts, { horizon, simulations: many, leaves: 16 }), round: 16, steps: 1 },
};

describe("a budget that is over at once", () => {
  it.each(Object.entries(cases))("leaves one round and its plan: %s", async (_, { planner, round, steps }) => {
    const request = { ...task, random: Random.fromSeed(1), budgetMilliseconds: 1e-6 };
    const { actions, score, effort } = await planner("model").plan(request);
    expect(effort.rounds).toBe(round);
    expect(actions.rows).toBe(steps);
    expect(Number.isFinite(score)).toBe(true);
  });
});
