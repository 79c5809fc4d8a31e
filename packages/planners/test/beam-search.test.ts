import type { Proposal, ProposalModel } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { type Beam, beamSearch, proposalScorer } from "../src/index.js";
import { options, random, state, tree } from "./word-tree.js";

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
