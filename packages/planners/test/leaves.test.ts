import { type Proposal, type ProposalModel, Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { type MctsOptions, monteCarloTreeSearch } from "../src/index.js";
import { descend } from "../src/search/mcts/select.js";
import { attach, newRoot, type TreeNode } from "../src/search/mcts/tree.js";

const state = { observation: Float32Array.of(0) };

/** Proposes actions 1, 2, 3, ... in turn, never the same again; the first step's reward is told, later ones pay nothing. */
function counting(reward: (action: number) => number) {
  const asked: (readonly string[])[] = [];
  let last = 0;
  const step = (word: string, action: number): Proposal<string> => ({
    action: Float32Array.of(action),
    ...{ logProbability: 0, reward: word === "" ? reward(action) : 0, value: 0, node: `${word}/${action}` },
  });
  const model: ProposalModel<string> = {
    ...{ actionSize: 1, low: Float32Array.of(0), high: Float32Array.of(1000), pessimism: "samples" },
    root: () => "",
    expand: async (nodes, k) => {
      asked.push(nodes);
      return nodes.map((word) => Array.from({ length: k }, () => step(word, ++last)));
    },
    advance: async (nodes, actions) => nodes.map((word, i) => step(word, actions[i]!)),
  };
  return { model, asked };
}

const options: MctsOptions = {
  ...{ horizon: 5, discount: 1, leafValue: "model", pessimism: "samples", logProbabilityCoefficient: 1 },
  ...{ simulations: 17, leaves: 8, exploration: 1.25, wideningCoefficient: 9, wideningExponent: 0 },
};

describe("the leaves of a batch", () => {
  /** The nodes that the second batch asks to continue: the first gave the root eight children, beside the one of action 0. */
  async function secondBatch(reward: (action: number) => number, exploration: number): Promise<readonly string[]> {
    const { model, asked } = counting(reward);
    const start = { first: Float32Array.of(0) };
    await monteCarloTreeSearch(model, state, { ...options, exploration }, Random.fromSeed(1), start);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual(Array.from({ length: 8 }, () => ""));
    return asked[1]!;
  }

  it("are distinct where the prior decides, which is even", async () => {
    const nodes = await secondBatch(() => 0, 1.25);
    expect(new Set(nodes).size).toBe(8);
  });

  it("are distinct where the values decide, of which one is the best", async () => {
    // Beside the one of action 0 all are about as good: between 0 and 1 by the returns seen, 0.99 and more.
    const nodes = await secondBatch((action) => (action === 0 ? -100 : 1 - action / 1000), 1e-9);
    expect([...nodes].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((action) => `/${action}`));
  });

  it("are chosen by PUCT, in which a simulation underway is a visit", () => {
    const chosen = (exploration: number) => {
      const root = newRoot("");
      const [good, rare] = [3, 1].map((visits, i): TreeNode => {
        const proposal = { action: Float32Array.of(i), logProbability: 0, reward: 0, node: i };
        return Object.assign(attach(root, { proposal, gained: 0, follows: 0 }), { visits, underway: 0 });
      });
      good!.total = 3;
      root.visits = 4;
      const range = { low: 0, high: 1 };
      const { node } = descend(root, range, { ...options, exploration, wideningCoefficient: 2 });
      return node === rare ? "rare" : "good";
    };
    // 1 + c 0.5 sqrt(5) / 4 against 0 + c 0.5 sqrt(5) / 2: equal at c = 8 / sqrt(5) = 3.58.
    expect(chosen(3.5)).toBe("good");
    expect(chosen(3.65)).toBe("rare");
  });
});

describe("rollouts of leaves", () => {
  /** Every step pays 0 and promises 10; one that is told ends the episode. */
  const promising = (ends: (word: string) => boolean): ProposalModel<string> => {
    const { model } = counting(() => 0);
    const told = (each: Proposal<string>) => ({ ...each, value: 10, terminated: ends(each.node) });
    return {
      ...model,
      expand: async (...of) => (await model.expand(...of)).map((each) => each.map(told)),
    };
  };
  const rolled = { ...options, horizon: 2, leafValue: "rollout" } as const;
  const meansOf = async (model: ProposalModel<string>, changes: Partial<MctsOptions>) => {
    const { root } = await monteCarloTreeSearch(model, state, { ...rolled, ...changes }, Random.fromSeed(1));
    return root.children.map(({ total, visits }) => total / visits);
  };

  it("count the model's value at the horizon, as leaves at the horizon do", async () => {
    const means = await meansOf(
      promising(() => false),
      { discount: 1 },
    );
    expect(new Set(means)).toEqual(new Set([10]));
    const discounted = await meansOf(
      promising(() => false),
      { discount: 0.5, horizon: 3 },
    );
    expect(new Set(discounted)).toEqual(new Set([1.25]));
  });

  it("count none where the episode ends before", async () => {
    const means = await meansOf(
      promising((word) => word.split("/").length === 3),
      { discount: 1, horizon: 4 },
    );
    expect(new Set(means)).toEqual(new Set([0]));
  });
});

describe("progressive widening", () => {
  const nodesOf = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(nodesOf)];

  it.each([
    [2, 0.5, 1, 1],
    [2, 0.5, 5, 5],
    [2, 0.5, 6, 5],
    [2, 0.5, 10, 7],
    [2, 0.5, 100, 20],
    [1, 0.5, 17, 5],
    [3, 0.25, 82, 10],
    [0.5, 1, 31, 16],
  ])(
    "gives a node %d visits^%d children: of %d visits, %d",
    async (wideningCoefficient, wideningExponent, visits, children) => {
      const settings = { ...options, wideningCoefficient, wideningExponent, leaves: 1, simulations: visits };
      const { root } = await monteCarloTreeSearch(counting(Math.sin).model, state, settings, Random.fromSeed(1));
      expect(root.visits).toBe(visits);
      expect(root.children).toHaveLength(children);
      for (const node of nodesOf(root)) {
        expect(node.children.length).toBeLessThanOrEqual(
          Math.ceil(wideningCoefficient * node.visits ** wideningExponent),
        );
      }
    },
  );
});
