import { type Proposal, type ProposalModel, Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { type Beam, beamSearch, monteCarloTreeSearch, proposalScorer } from "../src/index.js";

/**
 * A tree by hand: a node is the word of actions that led to it. Action 0 pays 1 and leads to a dead end; action 1 pays
 * 0 and then 3 for another 1. Expansion proposes both, 0 being three times as likely.
 */
const tree = (value?: (word: string) => number): ProposalModel<string> => {
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

const state = { observation: Float32Array.of(0) };
const random = () => Random.fromSeed(1);
const options = {
  horizon: 2,
  beamWidth: 1,
  samples: 2,
  discount: 0.5,
  pessimism: "samples",
  logProbabilityCoefficient: 1,
} as const;
const wordsOf = (beams: readonly Beam[]) => beams.map(({ proposal }) => proposal.node);

describe("beam search", () => {
  it("with one beam and no value is greedy", async () => {
    const { beams } = await beamSearch(tree(), state, options, random());
    expect(wordsOf(beams)).toEqual(["00"]);
    expect(beams[0]!.score).toBe(1);
  });

  it("with a value sees beyond the step, and counts by discount", async () => {
    const value = (word: string) => (word === "1" ? 3 : 0);
    const { beams, steps } = await beamSearch(tree(value), state, { ...options, beamWidth: 4 }, random());
    expect(wordsOf(beams)).toEqual(["11", "11", "11", "11"]);
    expect(beams[0]!.score).toBe(0 + 0.5 * 3);
    // Four copies of the root, two samples each, in the order sample by sample.
    expect(wordsOf(steps[0]!.candidates)).toEqual(["0", "0", "0", "0", "1", "1", "1", "1"]);
    expect(steps[0]!.candidates.map(({ score }) => score)).toEqual([1, 1, 1, 1, 1.5, 1.5, 1.5, 1.5]);
    expect(steps[0]!.kept).toEqual([4, 5, 6, 7]);
  });

  it("adds the bonus of log-probability, and keeps to the floor", async () => {
    const bonus = { ...options, beamWidth: 4, pessimism: "log-probability", logProbabilityCoefficient: 2 } as const;
    const { beams } = await beamSearch(tree(), state, bonus, random());
    expect(wordsOf(beams)[0]).toBe("00");
    // Two steps, the second one's bonus discounted as rewards are: by 0.5.
    expect(beams[0]!.score).toBeCloseTo(1 + 2 * Math.log(0.75) * (1 + 0.5), 10);
    const floor = { ...bonus, logProbabilityCoefficient: 0, logProbabilityFloor: Math.log(0.5) };
    expect(wordsOf((await beamSearch(tree(), state, floor, random())).beams)).toEqual(["00", "00", "00", "00"]);
    const above = beamSearch(tree(), state, { ...floor, logProbabilityFloor: 0 }, random());
    await expect(above).rejects.toThrow("lie below the floor of 0 nats");
  });

  it("scores log-probabilities as the scores of action sequences do", async () => {
    // Each step pays nothing and has a log-probability of -1: -1 - 0.5 - 0.25.
    const step = (node: string): Proposal<string> => ({
      ...{ action: Float32Array.of(0), logProbability: -1, reward: 0, node },
    });
    const model: ProposalModel<string> = {
      ...tree(),
      expand: async (nodes, k) => nodes.map((word) => Array.from({ length: k }, () => step(`${word}0`))),
      advance: async (nodes) => nodes.map((word) => step(`${word}0`)),
    };
    const scoring = { discount: 0.5, logProbabilityCoefficient: 1 };
    const likely = { ...options, ...scoring, horizon: 3, pessimism: "log-probability" } as const;
    const { beams } = await beamSearch(model, state, likely, random());
    const scorer = proposalScorer(model, { pessimism: "log-probability", random: random() }, scoring);
    const [scores] = await scorer.score([{ state, population: 1, sequences: new Float32Array(3) }], 3);
    expect([beams[0]!.score, scores![0]]).toEqual([-1.75, -1.75]);
  });

  it("keeps to a sequence whose episode ended where all others fall below the floor", async () => {
    const model = tree();
    // Action 0 ends the episode; after action 1 all are unlikely.
    const ending: ProposalModel<string> = {
      ...model,
      expand: async (nodes, k, from) =>
        (await model.expand(nodes, k, from)).map((of, n) =>
          of.map((each) => ({
            ...each,
            terminated: each.node === "0",
            logProbability: nodes[n] === "" ? 0 : -9,
          })),
        ),
    };
    const floor = { ...options, pessimism: "log-probability", logProbabilityFloor: -3 } as const;
    const { beams } = await beamSearch(ending, state, { ...floor, beamWidth: 8 }, random());
    expect(wordsOf(beams).slice(0, 2)).toEqual(["0", "0"]);
    expect(beams[0]!.score).toBe(1);
  });

  it("keeps sequences whose episode ended as they are", async () => {
    const model = tree();
    // Every second node has only action 1 to offer; action 0 ends the episode.
    const ending: ProposalModel<string> = {
      ...model,
      expand: async (nodes, k, from) =>
        (await model.expand(nodes, k, from)).map((of, n) =>
          of.map((each) => ({ ...(n % 2 === 1 ? of[1]! : each), terminated: n % 2 === 0 && each.node === "0" })),
        ),
    };
    const { beams, evaluations } = await beamSearch(ending, state, { ...options, beamWidth: 4 }, random());
    expect(wordsOf(beams)).toEqual(["11", "11", "11", "0"]);
    expect(beams[3]!.score).toBe(1);
    expect(evaluations).toBe(8 + 4);
  });
});

/** All actions as likely as each other. */
const alike = (model: ProposalModel<string>): ProposalModel<string> => ({
  ...model,
  expand: async (...given) =>
    (await model.expand(...given)).map((of) => of.map((each) => ({ ...each, logProbability: Math.log(0.5) }))),
});

describe("tree search", () => {
  const search = { ...options, simulations: 200, leaves: 4, exploration: 1.25, leafValue: "model" } as const;
  const widening = { wideningCoefficient: 2, wideningExponent: 0.5 };
  /** As {@link tree}, with one sampled continuation at a time. */
  const sampled = (value?: (word: string) => number, likely = 0.5): ProposalModel<string> => {
    const model = tree(value);
    return {
      ...model,
      expand: (nodes, k, from) =>
        Promise.all(
          nodes.map((node) => {
            const units = from.uniform(new Float32Array(k));
            return model.advance(
              Array.from({ length: k }, () => node),
              units.map((unit) => (unit < likely ? 0 : 1)),
              from,
            );
          }),
        ),
    };
  };

  it("visits the better branch most", async () => {
    const even = { ...search, ...widening, pessimism: "log-probability", logProbabilityCoefficient: 0 } as const;
    const { root, simulations } = await monteCarloTreeSearch(alike(sampled()), state, even, random());
    const visits = (action: number) =>
      root.children.filter(({ proposal }) => proposal?.action[0] === action).reduce((sum, { visits: n }) => sum + n, 0);
    expect(simulations).toBe(200);
    expect(root.visits).toBe(200);
    expect(root.children).toHaveLength(2);
    expect(visits(1)).toBeGreaterThan(visits(0));
    expect(root.underway).toBe(0);
  });

  const visitsOf = (root: { readonly children: readonly { proposal: Proposal | undefined; visits: number }[] }) =>
    [0, 1].map((action) => root.children.find(({ proposal }) => proposal?.action[0] === action)?.visits ?? 0);

  it("recovers from a prior that has the better branch, and its second step, at one in four: at most seeds", async () => {
    const settings = { ...search, ...widening, simulations: 800, leaves: 1 };
    let found = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { root } = await monteCarloTreeSearch(sampled(undefined, 0.75), state, settings, Random.fromSeed(seed));
      const [worse, better] = visitsOf(root);
      expect(worse! + better!).toBe(800);
      if (better! > worse!) found++;
    }
    expect(found).toBeGreaterThanOrEqual(12);
  });

  it("takes an action that is proposed again for likelier, not for worth a visit", async () => {
    // The likely action pays nothing, the other 1; hardly anything is explored.
    const paying: ProposalModel<string> = {
      ...sampled(undefined, 0.75),
      expand: async (nodes, k, from) =>
        (await sampled(undefined, 0.75).expand(nodes, k, from)).map((of) =>
          of.map((each) => ({ ...each, reward: each.action[0]!, terminated: true })),
        ),
    };
    const greedy = { ...search, ...widening, exploration: 1e-6, leaves: 1 };
    const { root } = await monteCarloTreeSearch(paying, state, greedy, random());
    const [worse, better] = visitsOf(root);
    expect(worse).toBeLessThan(8);
    expect(better).toBe(200 - worse!);
    const proposed = root.children.map((child) => child.proposed);
    expect(Math.max(...proposed) / (proposed[0]! + proposed[1]!)).toBeGreaterThan(0.6);
  });

  it("counts P_beta once: actions that were drawn once each are as likely, whatever their densities", async () => {
    let drawn = 0;
    const dense: ProposalModel<string> = {
      ...tree(),
      expand: async (nodes, k) =>
        nodes.map((word) =>
          Array.from({ length: k }, () => {
            const action = drawn++ / 100;
            const shared = { action: Float32Array.of(action), reward: 0, node: `${word} ${action}`, terminated: true };
            return { ...shared, logProbability: action === 0 ? Math.log(9) : 0 };
          }),
        ),
    };
    const two = { ...search, wideningCoefficient: 2, wideningExponent: 1e-9, leaves: 1 };
    const { root } = await monteCarloTreeSearch(dense, state, two, random());
    expect(root.children.slice(0, 2).map(({ visits }) => Math.abs(visits - 200 / root.children.length) < 2)).toEqual([
      true,
      true,
    ]);
  });

  it("averages discounted returns up the tree", async () => {
    const only = { ...search, ...widening, wideningCoefficient: 1, wideningExponent: 0, simulations: 3, leaves: 1 };
    const { root } = await monteCarloTreeSearch(
      tree(() => 2),
      state,
      only,
      random(),
    );
    // One child each: 0 pays 1 and promises 2, its child pays 0 and promises 2; the third visit ends there again.
    const [child] = root.children;
    expect(child!.visits).toBe(3);
    expect(child!.total).toBeCloseTo(1 + 0.5 * 2 + 2 * (1 + 0.5 * (0 + 0.5 * 2)), 10);
  });

  it("rolls out by P_beta where the model has no value", async () => {
    const one = { ...search, ...widening, simulations: 1, leaves: 1 };
    const { root, evaluations } = await monteCarloTreeSearch(tree(), state, one, random());
    expect(evaluations).toBe(2);
    expect(root.children[0]!.total).toBe(1);
  });

  it("gives the same tree for the same seed", async () => {
    const totals = async (seed: number) => {
      const { root } = await monteCarloTreeSearch(sampled(), state, { ...search, ...widening }, Random.fromSeed(seed));
      return root.children.map(({ total, visits }) => [total, visits]);
    };
    expect(await totals(3)).toEqual(await totals(3));
    expect(await totals(3)).not.toEqual(await totals(4));
  });
});
