import type {
  PlanningModel,
  Proposal,
  ProposalCall,
  ProposalModel,
  Random,
  SeamOptions,
  SequenceScorer,
  SequenceScoring,
} from "@lowerbound/core";
import { logProbabilityTerm } from "../search/continuations.js";
import { askTogether } from "./together.js";

/**
 * The sequences seam of any planning model: its own, or its proposals continued with the sequences' actions; gradients
 * are the model's, or those of its relaxation.
 */
export function scorerOf(model: PlanningModel, options: SeamOptions): SequenceScorer {
  const scorer = model.sequences?.(options) ?? proposalScorer(model.proposals(options), options, model.scoring);
  if (scorer.gradient !== undefined || model.relaxed === undefined) return scorer;
  return { ...scorer, gradient: model.relaxed(options), relaxed: true };
}

/**
 * Scores sequences by continuing a proposal model with their actions: discounted rewards to the end of the episode, or
 * to the horizon and the discounted value of what follows.
 *
 * The model's random numbers are the same at each call and in each group, so that a score is a function of its group.
 */
export function proposalScorer(
  model: ProposalModel,
  { pessimism, random }: SeamOptions,
  scoring: SequenceScoring,
): SequenceScorer {
  return {
    pessimism,
    score: async (groups, horizon) => {
      const followings = groups.map(({ state, population, sequences }): Following => {
        const root = model.root(state);
        return {
          sequences,
          scores: new Float32Array(population),
          random: random.stream(`horizon ${horizon}`),
          living: Array.from({ length: population }, (_, row) => ({ node: root, row })),
        };
      });
      await follow({ model, pessimism, scoring }, followings, horizon);
      return followings.map(({ scores }) => scores);
    },
  };
}

interface Asked {
  readonly model: ProposalModel;
  readonly pessimism: SeamOptions["pessimism"];
  readonly scoring: SequenceScoring;
}

/** A group on its way. */
interface Following {
  /** [population, horizon, action] */
  readonly sequences: Float32Array;
  readonly scores: Float32Array;
  readonly random: Random;
  living: readonly { readonly node: unknown; readonly row: number }[];
}

async function follow(asked: Asked, groups: readonly Following[], horizon: number): Promise<void> {
  for (let step = 0; step < horizon; step++) {
    const living = groups.filter((group) => group.living.length > 0);
    if (living.length === 0) return;
    const calls = living.map((group) => callOf(group, step, horizon, asked.model.actionSize));
    const answers = await askTogether(asked.model, calls);
    living.forEach((group, i) => {
      advance(group, answers[i]!.flat(), step, horizon, asked);
    });
  }
}

function callOf({ living, sequences, random }: Following, step: number, horizon: number, width: number): ProposalCall {
  const actions = new Float32Array(living.length * width);
  living.forEach(({ row }, i) => {
    const at = (row * horizon + step) * width;
    actions.set(sequences.subarray(at, at + width), i * width);
  });
  return { nodes: living.map(({ node }) => node), k: 0, actions, random };
}

/** Count what came of a step, and keep what goes on. */
function advance(
  group: Following,
  proposals: readonly Proposal[],
  step: number,
  horizon: number,
  { pessimism, scoring }: Asked,
): void {
  const { scores } = group;
  group.living = group.living.flatMap(({ row }, i) => {
    const { reward, value = 0, logProbability, terminated, node } = proposals[i]!;
    const bonus = logProbabilityTerm(logProbability, pessimism, scoring);
    scores[row]! += scoring.discount ** step * (reward + bonus);
    if (terminated === true) return [];
    if (step === horizon - 1) scores[row]! += scoring.discount ** horizon * value;
    return [{ node, row }];
  });
}
