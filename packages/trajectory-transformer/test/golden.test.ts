import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const names = [
  "bins-quantile",
  "bins-uniform",
  "quantile",
  "quantile-sparse",
  "windows",
  "windows-stride",
  "search",
  "plan-greedy",
  "plan-sampled",
  "plan-cropped",
  "training",
  "model-small",
  "model-weights",
  "model-no-weights",
  "faster-model",
];

describe("golden files", () => {
  it.each([...names, "faster-returns"])("%s", (name) =>
    expectParity(new URL(`fixtures/trajectory-transformer/${name}.json`, import.meta.url), engine),
  );
});
