import { Random } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { dynamicsConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { createEnsemble, ensembleOptions, fittedOf, initialiseEnsemble } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const dimensions = { observation: 3, action: 2 };

describe.each([
  { members: 4, elites: [0, 3] },
  { members: 1, elites: [0] },
])("$members members", ({ members, elites }) => {
  const options = ensembleOptions.parse({
    members,
    elites: elites.length,
    hiddenSizes: [16],
    weightDecays: [0, 0],
  });
  const trained = initialiseEnsemble(Random.fromSeed(1), dimensions, options);
  const scaler = { mean: new Float32Array(5).fill(0.1), std: new Float32Array(5).fill(2) };
  const errors = [1, 2, 3, 4].slice(0, members);
  const history = { trainLosses: [1], holdoutErrors: [errors], improved: [[0]] };
  const fit = { best: trained, last: trained, errors, elites: Int32Array.from(elites), history };

  it.each(
    dynamicsConformance({
      model: createEnsemble(options),
      dimensions,
      fitted: fittedOf(fit, scaler).tensors,
      engines: [engine, createEagerEngine("cpu", async () => "cpu")],
    }),
  )("$name", ({ run }) => run());
});
