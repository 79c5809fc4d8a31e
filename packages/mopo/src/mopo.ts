import {
  checkParts,
  type DynaParts,
  growthOf,
  hostPolicy,
  imagineDyna,
  penalisedReward,
  trainDyna,
} from "@lowerbound/actor-critic";
import {
  Algorithm,
  type CreateContext,
  DynamicsModel,
  defineComponent,
  type FitContext,
  type Fittable,
  Optimiser,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { fitCalibration, uncalibrated } from "./calibrate.js";
import { type MopoOptions, mopoOptions } from "./options.js";
import { discountOf, type PenalisedParts } from "./parts.js";
import { trainWithChosenPenalty } from "./train-auto.js";

/** What MOPO adds to Dyna: the penalised reward. */
function partsOf(penaltyCoefficient: number, { inject }: CreateContext): DynaParts {
  return {
    dynamics: inject(DynamicsModel),
    penalty: penaltyCoefficient > 0 ? inject(UncertaintyPenalty) : undefined,
    termination: inject(Termination),
    optimiser: inject(Optimiser),
    hooks: penalisedReward(penaltyCoefficient),
  };
}

/** MOPO at a given lambda. */
function withCoefficient(penaltyCoefficient: number, options: MopoOptions, context: CreateContext): Algorithm {
  const parts = partsOf(penaltyCoefficient, context);
  checkParts(parts, options);
  return { ...acting(parts), train: (training) => trainDyna(training, parts, options) };
}

/** MOPO that chooses lambda, after a fit phase that finds what it compares by. */
function choosing(options: MopoOptions, context: CreateContext): Algorithm & Fittable {
  const penalty = context.inject(UncertaintyPenalty);
  const withPenalty = (lambda: number): PenalisedParts => ({ ...partsOf(lambda, context), penalty });
  const parts = withPenalty(1);
  checkParts(parts, options);
  discountOf(parts);
  return {
    ...acting(parts),
    // Fitted Q evaluation, chosen or standing in, looks at no held-out episode.
    ...(uncalibrated(parts, options) === undefined ? { holdsOut: options.calibrationHeldOut } : {}),
    fit: (fitting: FitContext) => fitCalibration(fitting, parts, options),
    train: (training) => trainWithChosenPenalty(training, withPenalty, options),
  };
}

const acting = (parts: DynaParts): Required<Pick<Algorithm, "mayGrow" | "policy" | "imagine">> => ({
  ...growthOf(parts.optimiser),
  policy: async (trained) => hostPolicy(parts.optimiser.policy, trained),
  imagine: (imagining) => imagineDyna(imagining, parts),
});

/** Algorithm `mopo`. */
export const mopo = defineComponent({
  kind: Algorithm,
  type: "mopo",
  summary: "model-based offline policy optimisation: rewards of the learnt model, less a penalty for its uncertainty",
  documentation:
    "Short rollouts in the learnt model from the dataset's states, on the reward r - penaltyCoefficient u(s, a); a penalty " +
    "that applies to the target lowers the Bellman target of the model's rows in its place. " +
    "Source: MOPO (Yu et al. 2020). Published rolloutLength / penaltyCoefficient: halfcheetah-medium 5/0.5, " +
    "hopper-medium 5/5, walker2d-medium 5/0.5; medium-replay 5/0.5, 5/2.5, 1/2.5; medium-expert 5/2.5, 5/5, 1/2.5. " +
    "`auto` trains a short candidate for each of a grid and compares their policies by one rule that sees no environment.",
  config: mopoOptions,
  requires: ({ penaltyCoefficient }) => [
    DynamicsModel,
    Termination,
    Optimiser,
    ...(penaltyCoefficient === 0 ? [] : [UncertaintyPenalty]),
  ],
  create: (options, context): Algorithm | (Algorithm & Fittable) =>
    options.penaltyCoefficient === "auto"
      ? choosing(options, context)
      : withCoefficient(options.penaltyCoefficient, options, context),
});
