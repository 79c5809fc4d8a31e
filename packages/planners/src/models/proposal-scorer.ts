import type {
  PlanningModel,
  ProposalModel,
  Random,
  SeamOptions,
  SequenceScorer,
  SequenceScoring,
} from "@lowerbound/core";
import { join } from "../join.js";
import { logProbabilityTerm } from "../search/continuations.js";
import { splitByGroup } from "./groups.js";

/** The sequences seam of any planning model: its own, or its proposals continued with the sequences' actions. */
export const scorerOf = (model: PlanningModel, options: SeamOptions): SequenceScorer =>
  model.sequences?.(options) ?? proposalScorer(model.proposals(options), options, model.scoring);

/**
 * Scores sequences by continuing a proposal model with their actions: discounted rewards to the end of the episode, or
 * to the horizon and the discounted value of what follows.
 *
 * The model's random numbers are the same at each call, so that a score is a function of its sequences.
 */
export function proposalScorer(
  model: ProposalModel,
  { pessimism, random }: SeamOptions,
  scoring: SequenceScoring,
): SequenceScorer {
  return {
    pessimism,
    score: async (groups, horizon) => {
      const rows = groups.flatMap((group) => {
        const root = model.root(group.state);
        return Array.from({ length: group.population }, () => root);
      });
      const sequences = join(groups.map((group) => group.sequences));
      const asked = { model, random: random.stream(`horizon ${horizon}`), pessimism, scoring };
      return splitByGroup(await followed(asked, rows, sequences, horizon), groups, 1);
    },
  };
}

interface Asked {
  readonly model: ProposalModel;
  readonly random: Random;
  readonly pessimism: SeamOptions["pessimism"];
  readonly scoring: SequenceScoring;
}

async function followed(
  { model, random, pessimism, scoring }: Asked,
  roots: readonly unknown[],
  sequences: Float32Array,
  horizon: number,
): Promise<Float32Array> {
  const { actionSize } = model;
  const length = horizon * actionSize;
  const scores = new Float32Array(roots.length);
  let living = roots.map((node, row) => ({ node, row }));
  for (let step = 0; step < horizon && living.length > 0; step++) {
    const actions = new Float32Array(living.length * actionSize);
    living.forEach(({ row }, i) => {
      const at = row * length + step * actionSize;
      actions.set(sequences.subarray(at, at + actionSize), i * actionSize);
    });
    const nodes = living.map(({ node }) => node);
    const proposals = await model.advance(nodes, actions, random);
    living = living.flatMap(({ row }, i) => {
      const { reward, value = 0, logProbability, terminated, node } = proposals[i]!;
      const bonus = logProbabilityTerm(logProbability, pessimism, scoring);
      scores[row]! += scoring.discount ** step * (reward + bonus);
      if (terminated === true) return [];
      if (step === horizon - 1) scores[row]! += scoring.discount ** horizon * value;
      return [{ node, row }];
    });
  }
  return scores;
}
