// A tree small enough to search by hand, and how it is searched.
import { type Proposal, type ProposalModel, Random } from "@lowerbound/core";

/**
 * A tree by hand: a node is the word of actions that led to it. Action 0 pays 1 and leads to a dead end; action 1 pays
 * 0 and then 3 for another 1. Expansion proposes both, 0 being three times as likely.
 */
export const tree = (value?: (word: string) => number): ProposalModel<string> => {
  const step = (word: string, action: number): Proposal<string> => {
    const node = `${word}${action}`;
    const reward = word === "" ? 1 - action : word.startsWith("1") ? 3 * action : 0;
    const shared = {
      action: Float32Array.of(action),
      logProbability: Math.log(action === 0 ? 0.75 : 0.25),
      reward,
      node,
    };
    return value === undefined ? shared : { ...shared, value: value(node) };
  };
  return {
    actionSize: 1,
    low: Float32Array.of(0),
    high: Float32Array.of(1),
    pessimism: "samples",
    root: () => "",
    expand: async (nodes, k) => nodes.map((word) => Array.from({ length: k }, (_, i) => step(word, i % 2))),
    advance: async (nodes, actions) => nodes.map((word, i) => step(word, Math.round(actions[i]!))),
  };
};

export const state = { observation: Float32Array.of(0) };
export const random = () => Random.fromSeed(1);
export const options = {
  horizon: 2,
  beamWidth: 1,
  samples: 2,
  discount: 0.5,
  pessimism: "samples",
  logProbabilityCoefficient: 1,
} as const;
