import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Algorithm, ConfigError, createPipeline, createUntypedPipeline, UncertaintyPenalty } from "../src/index.js";
import { components, constant, nothing } from "./components.js";

const inputs = () => ({
  observation: tf.zeros([2, 3]),
  action: tf.zeros([2, 1]),
  sampleObservation: tf.zeros([2, 3]),
  sampleReward: tf.zeros([2, 1]),
  elites: tf.tensor1d([0], "int32"),
  meanObservation: tf.zeros([1, 2, 3]),
  meanReward: tf.zeros([1, 2, 1]),
  logVar: tf.zeros([1, 2, 4]),
});
const u = (penalty: UncertaintyPenalty) => [...penalty.penalise(inputs(), {}).dataSync()];

describe("parsing", () => {
  test("fills defaults in, nested ones too", () => {
    const { config } = createPipeline(components, {
      penalty: { type: "sum", penalties: [{ type: "mean-aleatoric" }] },
      algorithm: { type: "uses-penalty" },
    });
    expect(config).toEqual({
      seed: 0,
      parts: {
        penalty: {
          type: "sum",
          scale: 1,
          penalties: [{ type: "mean-aleatoric", floor: 0 }],
          last: { type: "constant", value: 0 },
        },
        algorithm: { type: "uses-penalty", penaltyCoefficient: 1 },
      },
    });
  });

  test.each([
    ["kind", { penalti: {} }, /penalti: no option is called "penalti"[\s\S]*did you mean "penalty"/],
    ["type", { penalty: { type: "constnt" } }, /penalty.type: no penalty is called "constnt"[\s\S]*mean "constant"/],
    [
      "own type",
      { penalty: { type: "one-of-my-own" } },
      /called "one-of-my-own"[\s\S]*plug-in[\s\S]*list of components/,
    ],
    ["option", { penalty: { type: "constant", valu: 1 } }, /penalty.valu[\s\S]*one of value[\s\S]*mean "value"/],
    ["no type", { penalty: {} }, /penalty: not a penalty[\s\S]*mean-aleatoric \| constant/],
    ["null", { penalty: null, algorithm: { type: "uses-penalty" } }, /no penalty is configured/],
    [
      "wrong value",
      { penalty: { type: "mean-aleatoric", floor: -1 } },
      /penalty.floor[\s\S]*expected: number >= 0: lower bound on u/,
    ],
    ["missing value", { penalty: { type: "constant" } }, /penalty.value/],
    ["nested type", { penalty: { type: "sum", penalties: [{ type: "x" }] } }, /penalty.penalties.0.type: no penalty/],
    [
      "nested option",
      { penalty: { type: "sum", penalties: [{ type: "nothing", a: 1 }] } },
      /penalties.0.a[\s\S]*no options/,
    ],
    ["seed", { seed: -1 }, /seed: not a seed/],
    ["not an object", [], /not an object/],
  ])("names the path of a wrong %s", (_, config, message) => {
    const attempt = () => createUntypedPipeline(components, config);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });

  test("refuses two components of one name", () => {
    expect(() => createUntypedPipeline([constant, nothing, constant], {})).toThrow(
      /"constant" is registered twice\n.*"([^"]+)", "\1"\n.*leave it out/,
    );
  });
});

describe("wiring", () => {
  test("makes nested components, each in a scope of its own", () => {
    const pipeline = createPipeline(components, {
      penalty: {
        type: "sum",
        scale: 2,
        penalties: [
          { type: "constant", value: 1 },
          { type: "sum", penalties: [{ type: "constant", value: 3 }], last: { type: "constant", value: 5 } },
        ],
      },
    });
    expect(u(pipeline.get(UncertaintyPenalty))).toEqual([18, 18]);
  });

  test("mean-aleatoric of unit variances is the root of the dimensions", () => {
    const pipeline = createPipeline(components, { penalty: { type: "mean-aleatoric" } });
    expect(u(pipeline.get(UncertaintyPenalty))).toEqual([2, 2]);
  });

  test("a component is made once", () => {
    const pipeline = createPipeline(components, { penalty: { type: "nothing" } });
    expect(pipeline.get(UncertaintyPenalty)).toBe(pipeline.get(UncertaintyPenalty));
  });

  test("two pipelines share nothing", () => {
    const make = () => createPipeline(components, { penalty: { type: "nothing" } }).get(UncertaintyPenalty);
    expect(make()).not.toBe(make());
  });

  test("what is required and missing throws before anything runs", () => {
    expect(() => createPipeline(components, { algorithm: { type: "uses-penalty" } })).toThrow(
      /no penalty is configured/,
    );
  });

  test("a requirement can depend on the options", () => {
    const pipeline = createPipeline(components, { algorithm: { type: "uses-penalty", penaltyCoefficient: 0 } });
    expect(pipeline.has(UncertaintyPenalty)).toBe(false);
    expect(pipeline.has(Algorithm)).toBe(true);
  });

  test("a cycle is named", () => {
    const attempt = () => createPipeline(components, { algorithm: { type: "cyclic" }, dynamics: { type: "cyclic" } });
    expect(attempt).toThrow(/algorithm -> dynamics -> algorithm/);
  });
});
