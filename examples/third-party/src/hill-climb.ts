import { defineComponent, NumericalError, Planner } from "@lowerbound/core";
import { z } from "zod";

const count = z.int().positive();

/** A planner: the best action sequence so far, and others tried around it. It sees scores alone, so it works in every model. */
export const hillClimb = defineComponent({
  kind: Planner,
  type: "hill-climb",
  summary: "keeps the best action sequence seen, and tries others around it",
  documentation: "Takes the data's probabilities into account as the model's scores do.",
  config: z.object({
    horizon: count.default(15).describe("steps that a plan looks ahead"),
    rounds: count.default(10).describe("times that sequences are tried around the best"),
    population: count.default(100).describe("sequences of a round"),
    spread: z.number().positive().default(0.5).describe("standard deviation of the first round's noise; it shrinks"),
  }),
  create: ({ horizon, rounds, population, spread }): Planner => ({
    seam: "sequences",
    pessimism: "model",
    plan: async ({ sequences, random }) => {
      const { actionSize, low, high, pessimism } = sequences!;
      let [best, score] = [new Float32Array(horizon * actionSize), -Infinity];
      for (let round = 0; round < rounds; round++) {
        const noise = random.normal(new Float32Array(population * best.length));
        const tried = noise.map((z, i) => {
          const wanted = best[i % best.length]! + spread * 0.8 ** round * z;
          return Math.min(Math.max(wanted, low[i % actionSize]!), high[i % actionSize]!);
        });
        const scores = await sequences!.evaluate(tried, population, horizon);
        for (const [i, found] of scores.entries()) {
          // A score that is not finite comes of a model that failed: it never wins.
          if (Number.isFinite(found) && found > score)
            [best, score] = [tried.slice(i * best.length, (i + 1) * best.length), found];
        }
      }
      if (score === -Infinity) throw new NumericalError("no sequence has a finite score", { where: "hill-climb" });
      const actions = { rows: horizon, columns: actionSize, data: best };
      return { actions, score, pessimism, effort: { rounds, evaluations: rounds * population } };
    },
  }),
});
