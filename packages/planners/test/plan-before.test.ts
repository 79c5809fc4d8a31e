import { type Plan, type Proposal, type ProposalModel, Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { type BeamSearchOptions, type BeamTrace, beamSearch, beamSearchPlanner } from "../src/index.js";
import { ALONE } from "./planners.js";

/** Rewards of the words that two actions lead through: 0 pays at once, 1 pays late; both are as likely as told. */
const words = (
  rewards: Readonly<Record<string, number>>,
  { likely = [0.75, 0.25], proposed = [0, 1], ends = "" } = {},
): ProposalModel<string> => {
  const step = (word: string, action: number): Proposal<string> => ({
    action: Float32Array.of(action),
    logProbability: Math.log(likely[action]!),
    reward: rewards[`${word}${action}`] ?? 0,
    terminated: `${word}${action}` === ends,
    node: `${word}${action}`,
  });
  return {
    actionSize: 1,
    low: Float32Array.of(0),
    high: Float32Array.of(1),
    pessimism: "samples",
    root: () => "",
    expand: async (nodes, k) =>
      nodes.map((word) => Array.from({ length: k }, (_, i) => step(word, proposed[i % proposed.length]!))),
    advance: async (nodes, actions) => nodes.map((word, i) => step(word, actions[i]!)),
  };
};
const late = { 0: 1, 11: 3 };

const state = { observation: Float32Array.of(0) };
const narrow: BeamSearchOptions = {
  ...{ horizon: 2, beamWidth: 1, samples: 2, discount: 0.5 },
  ...{ pessimism: "samples", logProbabilityCoefficient: 1 },
};

async function search(model: ProposalModel, before: readonly number[], options: BeamSearchOptions = narrow) {
  const start = { before: Float32Array.from(before) };
  const { beams, evaluations } = await beamSearch(model, state, options, Random.fromSeed(1), start);
  return { word: beams[0]!.proposal.node, score: beams[0]!.score, evaluations };
}

describe("beam search that follows the plan before", () => {
  it("still has it at the end where it pays late", async () => {
    expect(await search(words(late), [])).toEqual({ word: "00", score: 1, evaluations: 4 });
    expect(await search(words(late), [1, 1])).toMatchObject({ word: "11", score: 0.5 * 3 });
  });

  it("finds what is better", async () => {
    expect(await search(words(late), [1, 0])).toMatchObject({ word: "11", score: 0.5 * 3 });
    expect(await search(words(late), [0, 1])).toMatchObject({ word: "00", score: 1 });
  });

  it("goes on from where its actions end by sampling", async () => {
    expect(await search(words(late), [1])).toEqual({ word: "11", score: 0.5 * 3, evaluations: 2 + 1 + 4 });
  });

  it("keeps it where it ends the episode, and takes no action after that", async () => {
    const costly = words({ 0: -1, 10: -5, 11: -5 }, { ends: "0" });
    expect(await search(costly, [])).toMatchObject({ word: "10", score: -2.5 });
    expect(await search(costly, [0, 1])).toEqual({ word: "0", score: -1, evaluations: 2 + 1 + 2 });
    const later = words({ 0: -1, 100: -20, 101: -20, 110: -20, 111: -20 }, { ends: "0" });
    expect(await search(later, [0], { ...narrow, horizon: 3 })).toMatchObject({ word: "0", score: -1 });
  });

  it("adds the bonus of log-probability to it, and drops it below the floor", async () => {
    const bonus = { ...narrow, pessimism: "log-probability", logProbabilityCoefficient: 0.1 } as const;
    const { word, score } = await search(words(late), [1, 1], bonus);
    expect(word).toBe("11");
    expect(score).toBeCloseTo(0.5 * 3 + 0.1 * (1 + 0.5) * Math.log(0.25), 10);
    const floor = { ...bonus, logProbabilityCoefficient: 0, logProbabilityFloor: Math.log(0.5) };
    // Asked about once: what has lost at the first step is not followed to the second.
    expect(await search(words(late), [1, 1], floor)).toEqual({ word: "00", score: 1, evaluations: 2 + 1 + 2 });
  });

  it("is left with it where all that is sampled lies below the floor", async () => {
    const floor = { ...narrow, pessimism: "log-probability", logProbabilityFloor: Math.log(0.5) } as const;
    const unlikely = words(late, { proposed: [1] });
    await expect(search(unlikely, [], floor)).rejects.toThrow("lie below the floor");
    expect(await search(unlikely, [0, 0], floor)).toMatchObject({ word: "00" });
  });

  it("drops it where its score is not finite", async () => {
    expect(await search(words({ ...late, 1: Number.NaN }), [1, 1])).toMatchObject({ word: "00", score: 1 });
  });

  it("is what the planner does from step to step, and its trace says whose step followed whose", async () => {
    const planner = beamSearchPlanner.create(beamSearchPlanner.config.parse(narrow), ALONE);
    const request = { state, random: Random.fromSeed(1), proposals: words(late) };
    const actions = { rows: 3, columns: 1, data: Float32Array.of(0, 1, 1) };
    const before: Plan = { ...(await planner.plan(request)), actions };
    const plan = await planner.plan({ ...request, warmStart: { plan: before, elapsed: 1 } });
    expect([...plan.actions.data]).toEqual([1, 1]);
    const { depths } = plan.trace as BeamTrace;
    expect(depths.map(({ parents }) => parents)).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(depths[0]!.actions).toEqual([[0], [1]]);
  });
});
