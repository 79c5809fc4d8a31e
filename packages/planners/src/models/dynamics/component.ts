import {
  type ActionBox,
  Algorithm,
  actionBox,
  boxOption,
  type CreateContext,
  Dataset,
  DynamicsModel,
  defineComponent,
  type OpenPlanningModel,
  type Pessimism,
  type Planner,
  type PlanningModel,
  PlanningModelSource,
  scoped,
  scoringShape,
  slot,
  Termination,
  type TrainContext,
  UncertaintyPenalty,
  unscoped,
} from "@lowerbound/core";
import { z } from "zod";
import { createDynamicsHost, type DynamicsHost } from "./host.js";
import { checkParts, type DynamicsParts } from "./parts.js";
import { policyPrior } from "./prior.js";
import { dynamicsProposals } from "./proposals.js";
import { dynamicsScorer } from "./scorer.js";

const count = z.int().positive();

const config = z.object({
  penaltyCoefficient: z
    .number()
    .nonnegative()
    .default(1)
    .describe("lambda: what a unit of the uncertainty penalty costs; 0 needs no penalty"),
  ...scoringShape,
  particles: count.default(1).describe("rollouts of each action sequence; its score is their mean"),
  rolloutRows: count
    .default(512)
    .describe("rows that go through the model at once, 16 times `particles` at least; more do not fit the cache"),
  maximumAction: boxOption,
  prior: slot(Algorithm, { type: "behaviour-cloning", policy: "gaussian" }).describe(
    "P_beta(action | observation): trained when the planner continues proposals or asks for log-probabilities",
  ),
});

type Options = z.output<typeof config>;

/** Planning model `dynamics`. */
export const dynamicsPlanningModel = defineComponent({
  kind: PlanningModelSource,
  type: "dynamics",
  summary: "plans in the learnt model of the dynamics, its rewards less an uncertainty penalty",
  documentation:
    "Sequences are scored in one compiled rollout a horizon: discounted rewards r - penaltyCoefficient u(s, a) up to the " +
    "end of the episode, every sequence on the same random numbers. Searches are given continuations with actions of a " +
    "cloned policy, and unless told otherwise take no penalty off: pessimism penalty of the planner does both. " +
    "log-probability adds the cloned policy's log-density, in the same rollout where the policy is a pure " +
    "function on tensors, as the library's are: then planners by gradients may take it into account, too. " +
    "Source: PETS (Chua et al. 2018); the penalty is MOPO's (Yu et al. 2020).",
  config,
  requires: ({ penaltyCoefficient }) => [
    DynamicsModel,
    Termination,
    ...(penaltyCoefficient > 0 ? [UncertaintyPenalty] : []),
  ],
  create: (options, context): PlanningModelSource => ({
    prepare: (training, planner) => prepare(training, planner, options, context),
    open: (opening) => open(opening, options, context),
  }),
});

/** Whether planning in the dynamics takes a prior that has to be trained. */
export const asksForPrior = ({ seam, pessimism }: Pick<Planner, "seam" | "pessimism">): boolean =>
  seam === "proposals" || pessimism === "log-probability" || pessimism === "samples";

async function prepare(
  training: TrainContext,
  planner: Pick<Planner, "seam" | "pessimism">,
  { prior }: Options,
  context: CreateContext,
) {
  const penalty = context.optional(UncertaintyPenalty);
  const trained = asksForPrior(planner)
    ? await prior.train({ ...training, random: training.random.stream("prior"), evaluator: undefined })
    : undefined;
  return {
    tensors: {
      ...scoped("dynamics", training.fitted(DynamicsModel.name).tensors),
      ...scoped("penalty", penalty?.fit === undefined ? {} : training.fitted(UncertaintyPenalty.name).tensors),
      ...scoped("prior", trained?.tensors ?? {}),
    },
    facts: trained === undefined ? {} : { prior: trained.facts },
  };
}

async function open(opening: OpenPlanningModel, options: Options, context: CreateContext): Promise<PlanningModel> {
  const { dimensions, engine, tensors } = opening;
  const parts = await partsOf(opening, options, context);
  checkParts(parts);
  const box = actionBox(dimensions.action, options.maximumAction);
  const priorTensors = unscoped("prior", tensors);
  const policy =
    Object.keys(priorTensors).length === 0
      ? undefined
      : await options.prior.policy({ dimensions, engine, tensors: priorTensors });
  const prior = policy === undefined ? undefined : policyPrior(policy, dimensions.observation, box);
  const host = createDynamicsHost(engine, { parts, prior, rolloutRows: options.rolloutRows });
  return planningModel(host, box);
}

async function partsOf(
  { dimensions, tensors }: OpenPlanningModel,
  { penaltyCoefficient, particles, discount, logProbabilityCoefficient, logProbabilityFloor }: Options,
  { inject, optional }: CreateContext,
): Promise<DynamicsParts> {
  const termination = inject(Termination);
  const environmentId = (await optional(Dataset)?.info())?.environmentId;
  return {
    dimensions,
    dynamics: inject(DynamicsModel),
    dynamicsTensors: unscoped("dynamics", tensors),
    penalty: penaltyCoefficient > 0 ? inject(UncertaintyPenalty) : undefined,
    penaltyTensors: unscoped("penalty", tensors),
    penaltyCoefficient,
    termination: termination.for?.(environmentId) ?? termination,
    scoring: { discount, logProbabilityCoefficient, logProbabilityFloor },
    particles,
  };
}

/** A learnt model with what was fitted, ready to plan in. */
export function planningModel(host: DynamicsHost, box: ActionBox): PlanningModel {
  const { parts, prior } = host;
  const penalised: readonly Pessimism[] = parts.penalty === undefined ? [] : ["penalty"];
  const sampled: readonly Pessimism[] = prior === undefined ? [] : ["samples", "log-probability"];
  const likely: readonly Pessimism[] = prior === undefined ? [] : ["log-probability"];
  return {
    ...box,
    observationSize: parts.dimensions.observation,
    contextLength: 0,
    offers: {
      sequences: [...penalised, ...likely, "none"],
      gradient: [...penalised, ...(prior?.pure === undefined ? [] : likely), "none"],
      proposals: [...sampled, ...penalised, "none"],
    },
    ...(parts.dynamics.capabilities.differentiable
      ? {}
      : { refusesGradient: "the model of the dynamics is not differentiable" }),
    scoring: parts.scoring,
    proposals: (options) => dynamicsProposals(host, box, options),
    sequences: (options) => dynamicsScorer(host, options),
    close: () => host.close(),
  };
}
