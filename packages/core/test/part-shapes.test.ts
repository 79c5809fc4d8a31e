import { ConfigError, type PenaltyInputs, stepEnds, stepModel, uncertainty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

const BATCH = 4;
const at = () => ({ observation: tf.zeros([BATCH, 3]), action: tf.zeros([BATCH, 2]) });

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Every shape but [4] that would broadcast over rewards [4, 1] without an error. */
const WRONG = [[BATCH, 1], [], [7, BATCH], [1, BATCH]];

describe("uncertainty", () => {
  const of = (shape: number[]) =>
    uncertainty({ penalise: () => tf.zeros(shape) }, { ...at() } as unknown as PenaltyInputs, {});

  it("is what the penalty gives, one number a row", () => {
    expect(of([BATCH]).shape).toEqual([BATCH]);
  });

  it("names what a penalty looks at and has not asked for, and hands out what it has", () => {
    const inputs = { ...at(), critic: () => tf.zeros([2, BATCH, 1]) } as unknown as PenaltyInputs;
    const penalise = ({ critic, observation, action }: PenaltyInputs) =>
      tf.squeeze(tf.mean(critic!(observation, action), 0), [1]);
    expect(uncertainty({ penalise, requests: ["critic"] }, inputs, {}).shape).toEqual([BATCH]);
    expect(() => uncertainty({ penalise }, inputs, {})).toThrow(
      /penalty: the penalty looks at the critic without asking for it\n {2}remedy: give requests: \["critic"\]/,
    );
  });

  it.each(WRONG)("refuses a penalty of another shape: %j, %j", (...shape) => {
    expect(() => of(shape)).toThrow(ConfigError);
    expect(() => of(shape)).toThrow(/penalty: u has the shape \[.*\]\n {2}expected: \[4\].*\n {2}remedy: reduce/);
  });
});

it.each([3, Promise.resolve(1), undefined])("refuses what is no tensor: %s", (given) => {
  const untyped = { penalise: () => given as unknown as tf.Tensor };
  expect(() => uncertainty(untyped, { ...at() } as unknown as PenaltyInputs, {})).toThrow(/penalty: u is no tensor/);
});

describe("stepEnds", () => {
  const of = (shape: number[], dtype: "bool" | "float32" = "bool") =>
    stepEnds({ terminated: () => tf.zeros(shape, dtype) }, at(), { nextObservation: tf.zeros([BATCH, 3]) });

  it("is the rule's answer, one a row", () => {
    expect(of([BATCH]).shape).toEqual([BATCH]);
  });

  it.each(WRONG)("refuses a rule of another shape: %j, %j", (...shape) => {
    expect(() => of(shape)).toThrow(/termination: terminated has the shape/);
  });

  it("refuses a rule that answers in numbers", () => {
    expect(() => of([BATCH], "float32")).toThrow(/termination: terminated is of float32\n {2}expected: bool/);
  });
});

describe("stepModel", () => {
  const of = (next: number[], reward: number[], ended?: number[]) =>
    stepModel(
      {
        step: () => ({
          nextObservation: tf.zeros(next),
          reward: tf.zeros(reward),
          carry: {},
          ...(ended === undefined ? {} : { ended: tf.zeros(ended, "bool") }),
        }),
      },
      at(),
      {},
    );

  it("is the model's step", () => {
    expect(of([BATCH, 3], [BATCH, 1], [BATCH]).reward.shape).toEqual([BATCH, 1]);
  });

  it("refuses next observations, rewards and ends of another shape", () => {
    expect(() => of([BATCH, 2], [BATCH, 1])).toThrow(/dynamics: nextObservation has the shape \[4, 2\]/);
    expect(() => of([BATCH, 3], [BATCH])).toThrow(/dynamics: reward has the shape \[4\]/);
    expect(() => of([BATCH, 3], [BATCH, 1], [BATCH, 1])).toThrow(/dynamics: ended has the shape \[4, 1\]/);
  });

  it("takes random numbers from among the parameters unless they are given apart", () => {
    const noiseOf = (...noise: [] | [Record<string, tf.Tensor>]) => {
      let seen: unknown;
      const step = (inputs: { noise: unknown }) => {
        seen = inputs.noise;
        return { nextObservation: tf.zeros([BATCH, 3]), reward: tf.zeros([BATCH, 1]), carry: {} };
      };
      stepModel({ step }, at(), params, ...noise);
      return seen;
    };
    const [params, apart] = [{ a: tf.scalar(1) }, { b: tf.scalar(2) }];
    expect(noiseOf()).toBe(params);
    expect(noiseOf(apart)).toBe(apart);
  });
});
