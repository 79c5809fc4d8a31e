import { type Plan, type PlanRequest, Random, type SequenceEvaluator } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { beamSearchPlanner, cem, gradientPlanner, icem, mcts, mppi, mppiStart, randomShooting } from "../src/index.js";
import { scoreOf, targets, task } from "./afresh.js";
import { make } from "./planners.js";

const horizon = targets.length;

/** One round of few candidates, the model's scores undiscounted. */
const poor = {
  "random-shooting": make(randomShooting, { horizon, population: 8 }),
  cem: make(cem, { horizon, population: 16, iterations: 1 }),
  icem: make(icem, { horizon, population: 48, iterations: 3 }),
  mppi: make(mppi, { horizon, population: 16, iterations: 1, sigma: 0.05, beta: 1, gamma: 1000 }),
  gradient: make(gradientPlanner, { horizon, starts: 1, steps: 1 }),
  "beam-search": make(beamSearchPlanner, { horizon, beamWidth: 1, samples: 2, discount: 1 }),
  mcts: make(mcts, { horizon, simulations: 1, leaves: 1, discount: 1 }),
};

/** A plan that was carried out up to the `elapsed` one of its actions; what is left scores -1 / 16. */
const rest = targets.map((action) => action - Math.sign(action) / 8);
const before: Plan = {
  actions: { rows: horizon + 1, columns: 1, data: Float32Array.of(0.625, ...rest) },
  ...{ score: 0, pessimism: "none", effort: { rounds: 1, evaluations: 1 } },
};
const warmStart = { plan: before, elapsed: 1 };

const cases = Object.entries(poor).flatMap(([name, planner]) =>
  [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ({ name, planner, seed })),
);

describe("a poor budget", () => {
  it.each(cases)("ends no worse than what is left of the plan before: $name, seed $seed", async ({ planner, seed }) => {
    const plan = (more: object) => planner("model").plan({ ...task, random: Random.fromSeed(seed), ...more });
    const [cold, warm] = [await plan({}), await plan({ warmStart })];
    expect(cold.score).toBeLessThan(scoreOf(rest));
    expect(warm.score).toBeGreaterThanOrEqual(scoreOf(rest));
    expect(warm.score).toBeCloseTo(scoreOf(warm.actions.data), 5);
  });
});

describe("elites of iCEM", () => {
  const planner = make(icem, { horizon, population: 48, iterations: 3 })("model");
  /** 0.3 of the 5 elites. */
  const kept = 2;
  const rowsOf = (sequences: Float32Array): readonly (readonly number[])[] =>
    Array.from({ length: sequences.length / horizon }, (_, i) => [...sequences.slice(i * horizon, (i + 1) * horizon)]);

  /** A plan, and the sequences that each of its rounds scored. */
  async function watched(more: Pick<PlanRequest, "warmStart">) {
    const rounds: Float32Array[] = [];
    const evaluate: SequenceEvaluator["evaluate"] = (sequences, ...given) => {
      rounds.push(sequences);
      return task.sequences.evaluate(sequences, ...given);
    };
    const request = { ...task, sequences: { ...task.sequences, evaluate }, random: Random.fromSeed(1), ...more };
    return { plan: await planner.plan(request), rounds: rounds.map(rowsOf) };
  }

  it("are kept from round to round", async () => {
    const [first, second] = (await watched({})).rounds;
    const best = [...first!].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, 5);
    const again = second!.filter((row) => first!.some((other) => String(other) === String(row)));
    expect(again).toHaveLength(kept);
    for (const row of again) expect(best).toContainEqual(row);
  });

  it.each([1, 2])("are kept from call to call, %d steps on", async (elapsed) => {
    const { plan } = await watched({});
    const { elites } = plan.memory as { readonly elites: Float32Array };
    const left = rowsOf(elites).map((elite) => String(elite.slice(elapsed)));
    const [first] = (await watched({ warmStart: { plan, elapsed } })).rounds;
    const again = first!.filter((row) => left.includes(String(row.slice(0, horizon - elapsed))));
    expect(again).toHaveLength(kept);
  });
});

describe("the past action of MPPI", () => {
  const past = (pastAction: "executed" | "planned", request: Pick<PlanRequest, "warmStart">) =>
    Array.from(mppiStart(request, task.sequences, mppi.config.parse({ horizon, pastAction })).past);

  it("is the last one carried out, or the first one planned", () => {
    expect(past("executed", { warmStart })).toEqual([0.625]);
    expect(past("planned", { warmStart })).toEqual([rest[0]]);
    expect(past("executed", {})).toEqual([0]);
  });
});
