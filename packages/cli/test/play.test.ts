import type { Box, Environment, PlanningModel, ProposalModel } from "@lowerbound/core";
import { randomShooting } from "@lowerbound/planners";
import { expect, test } from "vitest";
import type { Planning } from "../src/plan/open-planning.js";
import { play } from "../src/plan/play.js";

const box = { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) };
const space: Box = { shape: [1], low: Float64Array.of(-1), high: Float64Array.of(1) };

/** A walk along a line that ends after so many steps, or after 2 to 5, as the seed says. */
function walk(length?: number): Environment {
  let [x, left] = [0, 0];
  const observation = () => Float64Array.of(x);
  return {
    id: "Walk-v0",
    observationSpace: space,
    actionSpace: space,
    timeLimit: 10,
    reset: (seed) => {
      [x, left] = [(seed % 7) / 7, length ?? 2 + (seed % 4)];
      return observation();
    },
    step: (action) => {
      x += action[0]!;
      left -= 1;
      return { observation: observation(), reward: -(x ** 2), terminated: left === 0, truncated: false, info: {} };
    },
    close: () => {},
  };
}

const model: PlanningModel = {
  ...box,
  observationSize: 1,
  contextLength: 0,
  offers: { sequences: ["none"], proposals: ["none"] },
  scoring: { discount: 1, logProbabilityCoefficient: 0 },
  proposals: (): ProposalModel<number> => ({
    ...box,
    pessimism: "none",
    root: ({ observation }) => observation[0]!,
    expand: async () => [],
    advance: async (nodes, actions, random) => {
      const noise = random.normal(new Float32Array(nodes.length));
      return nodes.map((x, i) => {
        const next = x + actions[i]! + 0.3 * noise[i]!;
        return { action: actions.slice(i, i + 1), logProbability: 0, reward: -(next ** 2), node: next };
      });
    },
  }),
  close: async () => {},
};

const shooting = randomShooting.create(randomShooting.config.parse({ horizon: 2, population: 8 }), {
  inject: () => {
    throw new Error("it has no parts");
  },
  optional: () => undefined,
});

const planning = { planner: shooting, model, replanEvery: 1, budgetMilliseconds: undefined } as Planning;

async function played(parallel: number) {
  const options = { episodes: 7, steps: 10, seed: 5, every: 2, signal: new AbortController().signal };
  const seen: string[] = [];
  const onStep = (episode: number, step: number) => seen.push(`${episode} ${step}`);
  const environments = Array.from({ length: parallel }, () => walk());
  const episodes = (await play(planning, environments, { ...options, onStep })).map(({ episode }) => episode);
  return { episodes, seen };
}

/** What does not depend on the clock. */
const withoutTimes = (episodes: Awaited<ReturnType<typeof played>>["episodes"]) =>
  episodes.map(({ steps, plans, ...rest }) => ({
    ...rest,
    steps: steps.map(({ predicted, realised }) => ({ predicted, realised })),
    plans: plans.map(({ milliseconds: _, ...plan }) => plan),
  }));

test("episodes are the same one by one and together, and those that have ended take part no more", async () => {
  const [alone, together] = [await played(1), await played(3)];
  expect(withoutTimes(together.episodes)).toEqual(withoutTimes(alone.episodes));
  expect(alone.episodes.map(({ episode }) => episode)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const lengths = alone.episodes.map(({ steps }) => steps.length);
  expect(new Set(lengths).size).toBeGreaterThan(1);
  expect(alone.episodes.every(({ terminated }) => terminated)).toBe(true);
  expect(new Set(alone.episodes.map(({ plans }) => plans[0]!.actions[0]![0])).size).toBe(7);
  for (const [wave, episodes] of [[0, 1, 2], [3, 4, 5], [6]].entries()) {
    const own = episodes.map((episode) => together.episodes[episode]!);
    for (const { steps } of own) {
      const living = steps.map((_, step) => own.filter((each) => each.steps.length > step).length);
      expect(
        steps.map((step) => step.together),
        `wave ${wave}`,
      ).toEqual(living);
    }
  }
  expect(alone.episodes.every(({ steps }) => steps.every((step) => step.together === 1))).toBe(true);
  expect([...together.seen].sort()).toEqual([...alone.seen].sort());
});

test("of plans that are carried on between, the first from every so many steps on is kept", async () => {
  const options = { episodes: 1, steps: 12, seed: 5, every: 3, signal: new AbortController().signal };
  const [first] = await play({ ...planning, replanEvery: 2 }, [walk(12)], { ...options, onStep: () => {} });
  expect(first!.episode.steps).toHaveLength(12);
  expect(first!.episode.plans.map(({ step }) => step)).toEqual([0, 4, 6, 10]);
});
