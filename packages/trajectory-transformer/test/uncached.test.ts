import { Random } from "@lowerbound/core";
import { beamSearch } from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import {
  type Architecture,
  byPosition,
  type FittedModel,
  fittedModel,
  fittedTensors,
  forward,
  mostLikely,
  openTokenModel,
  parameterSpecs,
  rollOut,
  tokenPlanningModel,
} from "../src/index.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

/** The Transformer as a network of which nothing but its logits is known. */
function disguised(fitted: FittedModel): FittedModel {
  const architecture = fitted.architecture as Architecture;
  const { thresholds, sizes } = fittedTensors(fitted);
  const tensors = { ...fitted.weights, thresholds: thresholds!, sizes: sizes! };
  return fittedModel(tensors, {
    vocabulary: architecture.bins + 1,
    contextLength: () => architecture.positions,
    parameters: () => parameterSpecs(architecture),
    logits: (tokens, params) =>
      byPosition(forward(tokens, params, architecture).byPlace, tokens.shape[0]!, tokens.shape[1]!),
  });
}

describe("decoding without a cache", () => {
  // Thresholds as they are kept, in float32.
  const fitted = fittedModel(fittedTensors(randomModel({ transitions: 4, terminates: true })));
  const both = [fitted, disguised(fitted)] as const;

  it("rolls out what decoding with one does, beyond the longest context", async () => {
    const starts = [{ observation: Float32Array.of(0.9, -0.9) }, { observation: Float32Array.of(-0.5, 0.2) }];
    const [cached, uncached] = await Promise.all(
      both.map(async (model) => {
        const open = openTokenModel(engine, model, { contextTransitions: 3, ends: false });
        const found = await rollOut(open, { starts, samples: 3, steps: 6, random: Random.fromSeed(3) });
        await open.decoder.close();
        return found;
      }),
    );
    expect(uncached!.observations).toEqual(cached!.observations);
    expect(uncached!.actions).toEqual(cached!.actions);
    for (const logs of ["actionLogProbabilities", "outcomeLogProbabilities"] as const) {
      uncached![logs].forEach((log, i) => {
        expect(log).toBeCloseTo(cached![logs][i]!, 4);
      });
    }
  });

  it("finds the plans and the likely sequences that decoding with one does", async () => {
    const options = {
      filters: { observation: { topK: 2 }, action: {}, reward: { topK: 2 } },
      contextTransitions: 3,
      scoring: { discount: 1, logProbabilityCoefficient: 0 },
      box: { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) },
    };
    const search = { horizon: 4, beamWidth: 5, samples: 3, discount: 1, pessimism: "samples" as const };
    const [cached, uncached] = await Promise.all(
      both.map(async (each) => {
        const model = tokenPlanningModel(engine, each, options);
        const proposals = model.proposals({ pessimism: "samples", random: Random.fromSeed(0) });
        const state = { observation: Float32Array.of(0.3, -0.4) };
        const of = { ...search, logProbabilityCoefficient: 0 };
        const { beams } = await beamSearch(proposals, state, of, Random.fromSeed(1));
        const { decoder } = openTokenModel(engine, each);
        const likely = await mostLikely(decoder, Int32Array.of(1, 2, 3), { tokens: 9, beamWidth: 4 });
        await Promise.all([model.close(), decoder.close()]);
        return { scores: beams.map(({ score }) => score), likely };
      }),
    );
    expect(uncached!.scores.map((score) => score.toFixed(3))).toEqual(cached!.scores.map((score) => score.toFixed(3)));
    expect(uncached!.likely.sequences).toEqual(cached!.likely.sequences);
  });
});
