import { defineComponent, Planner } from "@lowerbound/core";
import { z } from "zod";
import { horizonOption, populationOption, scorePessimism } from "../options.js";
import { sequencesOf } from "../request.js";
import { createIncumbent } from "../scores.js";
import { evenActions } from "../search/continuations.js";
import { remainingActions } from "./bounds.js";
import { planOf, scoresOf, watchOf } from "./rounds.js";

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
      const { expired } = watchOf(request);
      const incumbent = createIncumbent();
      let made = 0;
      while (made < rounds) {
        const sequences = evenActions(evaluator, population * horizon, request.random);
        if (made === 0 && request.warmStart !== undefined) {
          const { plan, elapsed } = request.warmStart;
          sequences.set(remainingActions(plan, elapsed).subarray(0, horizon * evaluator.actionSize));
        }
        incumbent.offer(sequences, await scoresOf(evaluator, sequences, horizon));
        made++;
        if (expired?.()) break;
      }
      return planOf(evaluator, { ...incumbent.best(), rounds: made, evaluations: made * population });
    },
  }),
});
