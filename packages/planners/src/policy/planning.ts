import { Algorithm, defineComponent, Planner, PlanningModelSource, slot } from "@lowerbound/core";
import { z } from "zod";
import { plannerPolicy } from "./planner-policy.js";
import { checkSeam, pessimismOf } from "./seams.js";

const config = z.object({
  planner: slot(Planner, { type: "cem" }).describe("finds the plan"),
  model: slot(PlanningModelSource, { type: "dynamics" }).describe("what is planned in"),
  replanEvery: z.int().positive().default(1).describe("actions of a plan that are carried out before the next is made"),
  budgetMilliseconds: z
    .number()
    .positive()
    .optional()
    .describe("time of a decision; the best plan found by then counts, and results depend on the machine"),
});

/** Algorithm `planning`. */
export const planning = defineComponent({
  kind: Algorithm,
  type: "planning",
  summary: "learns no policy: plans in a learnt model at each step, by any planner in any model",
  documentation:
    "Model-predictive control. Training fits the model's parts, and the prior where the planner needs one; the policy is " +
    "the planner. How the plan takes the data's probabilities into account is the planner's option `pessimism`.",
  config,
  create: ({ planner, model, ...options }) => ({
    train: (context) => model.prepare(context, planner),
    policy: async (trained) => {
      const opened = await model.open(trained);
      checkSeam(planner, opened);
      pessimismOf(planner, opened);
      return plannerPolicy({ planner, model: opened, ...options });
    },
  }),
});
