import { type Pessimism, Random } from "@lowerbound/core";
import { beamSearch, scorerOf } from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { fittedModel, fittedTensors, tokenPlanningModel } from "../src/index.js";
import { handModel, type Logit } from "./hand-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const [ACTION, REWARD, VALUE, END] = [1, 2, 3, 5];

/** Every step pays 0.8 and promises 0.4, and the episode ends after it; actions are as likely as any, never the end. */
const ending: Logit = (place, _, next) => {
  if (place === ACTION) return next === 4 ? 30 : 0;
  if (place === REWARD) return next === 3 ? 30 : 0;
  if (place === VALUE) return next === END ? 30 : 0;
  return next === END ? -30 : 0;
};
const likely = -Math.log(5);

const modelOf = (logit: Logit, changes: object = {}) =>
  tokenPlanningModel(engine, fittedModel(fittedTensors(handModel(logit, 6, true))), {
    filters: { observation: { topK: 1 }, action: {}, reward: { topK: 1 } },
    contextTransitions: 3,
    scoring: { discount: 1, logProbabilityCoefficient: 1 },
    box: { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) },
    ...changes,
  });

const state = { observation: Float32Array.of(0.1) };
const options = (pessimism: Pessimism) => ({ pessimism, random: Random.fromSeed(0) });
const groupOf = (horizon: number) => ({ state, population: 1, sequences: new Float32Array(horizon).fill(0.4) });

describe("plans in a model of trajectories that says that the episode has ended", () => {
  it.each([
    ["none", [1.2, 0.8, 0.8]],
    ["log-probability", [1.2 + likely, 0.8 + likely, 0.8 + likely]],
  ] as const)("are paid nothing after the end, and their actions cost nothing: %s", async (pessimism, wanted) => {
    const model = modelOf(ending);
    const scorer = scorerOf(model, options(pessimism));
    for (const [i, score] of wanted.entries()) {
      expect((await scorer.score([groupOf(i + 1)], i + 1))[0]![0]).toBeCloseTo(score, 3);
    }
    await model.close();
  });

  it.each(["straight-through", "soft"] as const)(
    "are scored by their gradients' scores alike: %s",
    async (relaxation) => {
      const model = modelOf(ending, { relaxation });
      const gradients = model.relaxed!(options("log-probability"));
      // What is read on of the last token is no end yet.
      for (const horizon of [2, 3]) {
        const [found] = await gradients([groupOf(horizon)], horizon);
        expect(found!.scores[0]).toBeCloseTo(0.8 + likely, 2);
        expect(found!.gradients.every(Number.isFinite)).toBe(true);
      }
      await model.close();
    },
  );

  it("lie above no floor that the end's actions would break", async () => {
    const model = modelOf(ending, { scoring: { discount: 1, logProbabilityCoefficient: 0, logProbabilityFloor: -3 } });
    const scorer = scorerOf(model, options("log-probability"));
    expect((await scorer.score([groupOf(3)], 3))[0]![0]).toBeCloseTo(0.8, 3);
    const [relaxed] = await model.relaxed!(options("log-probability"))([groupOf(3)], 3);
    expect(relaxed!.scores[0]).toBeCloseTo(0.8, 3);
    await model.close();
  });

  it("end in searches, too", async () => {
    const model = modelOf(ending);
    const proposals = model.proposals(options("samples"));
    const search = { horizon: 4, beamWidth: 3, samples: 2, discount: 1, pessimism: "samples" as const };
    const { beams, steps } = await beamSearch(
      proposals,
      state,
      { ...search, logProbabilityCoefficient: 0 },
      Random.fromSeed(1),
    );
    expect(beams[0]!.score).toBeCloseTo(0.8, 3);
    expect(beams.every(({ proposal }) => proposal.terminated === true)).toBe(true);
    expect(steps).toHaveLength(2);
    await model.close();
  });

  it("end with the step in which the end stands in the place of a reward", async () => {
    const model = modelOf((place, last, next) => (place === ACTION && next === END ? 60 : ending(place, last, next)));
    const proposals = model.proposals(options("samples"));
    const [step] = await proposals.advance([proposals.root(state)], Float32Array.of(0.4), Random.fromSeed(0));
    expect(step).toMatchObject({ terminated: true });
    expect(step!.reward).toBeCloseTo(0, 5);
    await model.close();
  });
});
