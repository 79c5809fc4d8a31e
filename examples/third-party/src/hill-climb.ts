import { defineComponent, Planner } from "@lowerbound/core";
import { bestOfRounds, clipActions, scorePessimism, sequencesOf, shiftedPlan } from "@lowerbound/planners";
import { z } from "zod";

/** A planner: tries action sequences around the best so far. It sees scores alone, so it works in every model. */
export const hillClimb = defineComponent({
  kind: Planner,
  type: "hill-climb",
  summary: "tries action sequences around the best one seen, ever closer to it",
  config: z.object({
    horizon: z.int().positive().default(15).describe("steps that a plan looks ahead"),
    rounds: z.int().positive().default(10).describe("times that sequences are tried around the best"),
    population: z.int().positive().default(100).describe("sequences of a round"),
    pessimism: scorePessimism,
  }),
  create: ({ horizon, rounds, population, pessimism }): Planner => ({
    seam: "sequences",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, horizon);
      const sample = (round: number, best: ArrayLike<number> = shiftedPlan(request, evaluator, horizon)) => {
        // The first stays as it is, so that what is left of the plan before is a candidate.
        const noise = request.random.normal(new Float32Array(population * best.length)).fill(0, 0, best.length);
        const tried = noise.map((z, i) => best[i % best.length]! + 0.5 * 0.8 ** round * z);
        return clipActions(tried, evaluator);
      };
      return bestOfRounds(request, evaluator, { horizon, iterations: rounds, sample });
    },
  }),
});
