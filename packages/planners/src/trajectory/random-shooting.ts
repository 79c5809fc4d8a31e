import { defineComponent, Planner } from "@lowerbound/core";
import { z } from "zod";
import { evenActions } from "../box.js";
import { horizonOption, populationOption, scorePessimism } from "../options.js";
import { sequencesOf } from "../request.js";
import { bestOfRounds } from "./rounds.js";
import { remainingActions } from "./warm-start.js";

const config = z.object({
  horizon: horizonOption(15),
  population: populationOption(1000),
  rounds: z.int().positive().default(1).describe("times that a population is drawn; a time budget ends between them"),
  pessimism: scorePessimism,
});

/** Planner `random-shooting`. */
export const randomShooting = defineComponent({
  kind: Planner,
  type: "random-shooting",
  summary: "draws action sequences evenly from the box and takes the best",
  documentation:
    "The rest of the plan before is one of the candidates. Takes probabilities into account through the model's scores. " +
    "Source: Nagabandi et al. 2018, section IV.",
  config,
  create: ({ horizon, population, rounds, pessimism }): Planner => ({
    seam: "sequences",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, horizon);
      const sample = (round: number) => {
        const sequences = evenActions(evaluator, population * horizon, request.random);
        if (round === 0 && request.warmStart !== undefined) {
          const { plan, elapsed } = request.warmStart;
          sequences.set(remainingActions(plan, elapsed).subarray(0, horizon * evaluator.actionSize));
        }
        return sequences;
      };
      return bestOfRounds(request, evaluator, { horizon, iterations: rounds, sample });
    },
  }),
});
