import { Random } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { dynamicsConformance } from "@lowerbound/testing";
import { afterAll, it } from "vitest";
import { createEnsemble, ensembleOptions, fittedOf, initialiseEnsemble } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const options = ensembleOptions.parse({ members: 4, elites: 2, hiddenSizes: [16], weightDecays: [0, 0] });
const dimensions = { observation: 3, action: 2 };
const random = Random.fromSeed(1);
const trained = initialiseEnsemble(random, dimensions, options);
const scaler = { mean: new Float32Array(5).fill(0.1), std: new Float32Array(5).fill(2) };
const history = { trainLosses: [1], holdoutErrors: [[1, 2, 3, 4]], improved: [[0]] };
const fit = { best: trained, last: trained, errors: [1, 2, 3, 4], elites: Int32Array.of(0, 3), history };

it.each(
  dynamicsConformance({
    model: createEnsemble(options),
    dimensions,
    fitted: fittedOf(fit, scaler).tensors,
    engines: [engine, createEagerEngine("cpu", async () => "cpu")],
  }),
)("$name", ({ run }) => run());
