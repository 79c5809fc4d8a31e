import { DynamicsModel, defineComponent, SequenceModel, specsOf } from "@lowerbound/core";
import { z } from "zod";
import { requireEveryStep } from "../planning/every-step.js";
import { TERMINAL_STEPS } from "../training/token-data.js";
import { fitToSequence } from "./fit.js";
import { tokenNoise, tokenStep } from "./step.js";

const topK = z.int().positive().optional();
const mass = z.number().min(0).lt(1).optional();

const config = z.object({
  observationTopK: topK.describe("next observations: draw among so many of the most likely tokens; all if left out"),
  observationCdf: mass.describe("next observations: leave out the unlikely tokens of this mass; none if left out"),
  rewardTopK: topK.describe(
    "reward and value tokens that are read on: among so many of the most likely; all if left out",
  ),
});

type Options = z.output<typeof config>;

/** A fitted Trajectory Transformer as a model of the dynamics. */
export function createTokenDynamics({ observationTopK, observationCdf, rewardTopK }: Options): DynamicsModel {
  const filters = { observation: { topK: observationTopK, cdf: observationCdf }, reward: { topK: rewardTopK } };
  return {
    capabilities: { members: false, logProbability: false, differentiable: false, stateful: false },
    fit: fitToSequence,
    asks: { [SequenceModel.name]: [TERMINAL_STEPS] },
    parameters: specsOf,
    stepNoise: tokenNoise,
    initialCarry: () => ({}),
    step: (inputs, params) => tokenStep(inputs, params, filters),
  };
}

/** Dynamics model `trajectory-transformer`. */
export const trajectoryTransformerDynamics = defineComponent({
  kind: DynamicsModel,
  type: "trajectory-transformer",
  summary: "steps in a fitted Trajectory Transformer: next observations drawn token by token",
  documentation:
    "The pipeline's sequence model as s' and r of s and a: it reads one transition, so that steps are Markov, as rollouts " +
    "that start in the middle of episodes need. Each entry of the next observation is drawn given those before it: a joint " +
    "distribution of many modes, without members and without gradients, so that penalties that compare members refuse it. " +
    "Values are the middles of bins. Where the model says that an episode ends, it ends: what a terminal step leads to is in " +
    "no window, and next observations are those of steps that go on. Beside it the sequence model is trained on windows " +
    "that start at terminal steps, too: it would never see that an episode ends after the one transition that is read. " +
    "Source: Trajectory Transformer (Janner et al. 2021).",
  config,
  requires: [SequenceModel],
  create: (options, { inject }): DynamicsModel => {
    requireEveryStep(inject(SequenceModel).stride);
    return createTokenDynamics(options);
  },
});
