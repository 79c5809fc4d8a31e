import { type Proposal, type ProposalModel, Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { monteCarloTreeSearch } from "../src/index.js";
import { options, random, state, tree } from "./word-tree.js";

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

  /** Actions above 0 pay 10 and lead where all scores are `lost`; others pay 1 a step. */
  const trap = (lost: Partial<Proposal<string>>): ProposalModel<string> => ({
    ...tree(() => 0),
    expand: async (nodes, k, from) =>
      nodes.map((word) =>
        Array.from(from.uniform(new Float32Array(k)), (unit) => {
          const action = 2 * unit - 1;
          const pays = { reward: word === "" && action > 0 ? 10 : 1, logProbability: 0, value: 0 };
          const node = word === "" ? (action > 0 ? "trap" : "free") : word;
          return { ...pays, action: Float32Array.of(action), node, ...(word === "trap" ? lost : {}) };
        }),
      ),
  });

  it.each([
    { why: "rewards that are no numbers", lost: { reward: Number.NaN } },
    { why: "the floor", lost: { logProbability: -100 } },
  ])("goes back on a step that nothing of a finite score follows: $why", async ({ lost }) => {
    const settings = {
      ...search,
      ...widening,
      horizon: 4,
      pessimism: "log-probability",
      logProbabilityFloor: -50,
    } as const;
    const { root, simulations } = await monteCarloTreeSearch(trap(lost), state, settings, random());
    const best = root.children.reduce((most, child) => (child.visits > most.visits ? child : most));
    expect(best.proposal!.action[0]).toBeLessThan(0);
    expect(simulations).toBe(200);
    expect(root.visits).toBeGreaterThan(60);
    expect(root.underway).toBe(0);
    // What was taken back is gone from the root's sums, too.
    const sum = root.children.reduce((total, child) => total + child.total, 0);
    expect(root.total).toBeCloseTo(0.5 * sum, 8);
    expect(root.visits).toBe(root.children.reduce((count, { visits }) => count + visits, 0));
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
