import {
  actionBox,
  boxOption,
  defineComponent,
  type OpenPlanningModel,
  type PlanningModel,
  PlanningModelSource,
  SequenceModel,
  scoped,
  scoringShape,
  unscoped,
} from "@lowerbound/core";
import { z } from "zod";
import { relaxations } from "../relaxed/relaxation.js";
import { noteDiscounts } from "./discounts.js";
import { requireEveryStep } from "./every-step.js";
import { checkDimensions, fittedModel } from "./fitted.js";
import { longestContext, tokenPlanningModel } from "./planning-model.js";

const topK = z.int().positive().optional();
const mass = z.number().min(0).lt(1).optional();

const config = z.object({
  contextTransitions: z
    .int()
    .min(2)
    .optional()
    .describe(
      "transitions that the model reads, the present one included; no more than it was trained with, and of those at " +
        "most 5 if left out",
    ),
  observationTopK: topK.default(1).describe("next observations: draw among so many of the most likely tokens"),
  actionTopK: topK.describe("actions: draw among so many of the most likely tokens; all if left out"),
  actionCdf: mass.describe("actions: leave out the unlikely tokens of this mass; published: 0.6, or none"),
  rewardTopK: topK.default(1).describe("reward and value tokens that are read on: among so many of the most likely"),
  relaxation: z
    .enum(relaxations)
    .default("straight-through")
    .describe(
      "planners by gradients: tokens as they are read, with the gradient of their probabilities, or probabilities in " +
        "their place",
    ),
  goal: z
    .array(z.number())
    .optional()
    .describe("observation that plans lead to; for a sequence model trained with goals, and only for one"),
  ...scoringShape,
  discount: scoringShape.discount
    .unwrap()
    .default(0.99)
    .describe("of rewards in the score of an action sequence; searches have their own, in `planner`"),
  maximumAction: boxOption,
});

type Options = z.output<typeof config>;

/** Transitions that the published planner reads. */
const PUBLISHED_CONTEXT = 5;

/** Planning model `trajectory-transformer`. */
export const trajectoryTransformerPlanningModel = defineComponent({
  kind: PlanningModelSource,
  type: "trajectory-transformer",
  summary: "plans in a fitted Trajectory Transformer: continuations are likely under the data",
  documentation:
    "Actions are drawn from P_beta token by token; reward and value are the means of their distributions, not of drawn " +
    "tokens; observations are the most likely ones. The context is cut to the last transitions, whole ones: positions are " +
    "learnt and count from its first token, so a cut context is read again. Log-probabilities are those of the actions' " +
    "bins. Given actions are read by the bin that they lie in. Planners by gradients climb a relaxation: actions " +
    "are read as their bins, with the slope of a line through the tenth of the bins on either side, and observations are " +
    "the most likely ones with the gradient of their probabilities. The whole plan is one graph, token after token, so that its horizon is limited. Source: " +
    "Trajectory Transformer (Janner et al. 2021), section 3.2 and its code; the relaxation is ours, by straight-through " +
    "estimators (Bengio et al. 2013); of the Gumbel softmax (Jang et al. 2017) it leaves out the noise.",
  config,
  requires: [SequenceModel],
  create: (options, { inject }): PlanningModelSource => {
    const sequence = inject(SequenceModel);
    requireEveryStep(sequence.stride);
    return {
      prepare: async ({ fitted, run }, planner) => {
        const { tensors } = fitted(SequenceModel.name);
        noteDiscounts(tensors, { planner, scores: options.discount }, run);
        return { tensors: scoped("sequence", tensors), facts: {} };
      },
      open: async (opening) => open(opening, options, sequence),
    };
  },
});

/** @throws ConfigError for a model fitted to other dimensions, or a context longer than its own */
function open(
  { dimensions, engine, tensors }: OpenPlanningModel,
  options: Options,
  sequence: SequenceModel,
): PlanningModel {
  const fitted = fittedModel(unscoped("sequence", tensors), sequence);
  checkDimensions(fitted, dimensions);
  const { maximumAction, discount, logProbabilityCoefficient, logProbabilityFloor } = options;
  return tokenPlanningModel(engine, fitted, {
    filters: {
      observation: { topK: options.observationTopK },
      action: { topK: options.actionTopK, cdf: options.actionCdf },
      reward: { topK: options.rewardTopK },
    },
    contextTransitions: options.contextTransitions ?? Math.min(PUBLISHED_CONTEXT, longestContext(fitted)),
    scoring: { discount, logProbabilityCoefficient, logProbabilityFloor },
    relaxation: options.relaxation,
    box: actionBox(dimensions.action, maximumAction),
    goal: options.goal === undefined ? undefined : Float32Array.from(options.goal),
  });
}
