import { createUntypedPipeline, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

// Two members, two rows: the first row's means differ most, the second's predicted spread is larger than their difference.
const inputs = (): PenaltyInputs => ({
  observation: tf.zeros([2, 2]),
  action: tf.zeros([2, 1]),
  meanObservation: tf.tensor3d([
    [
      [0, 0],
      [0, 0],
    ],
    [
      [3, 4],
      [0, 1],
    ],
  ]),
  meanReward: tf.zeros([2, 2, 1]),
  logVar: tf.log(
    tf.tensor3d([
      [
        [4, 4, 1],
        [1, 1, 2],
      ],
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    ]),
  ),
  sampleObservation: tf.zeros([2, 2]),
  sampleReward: tf.zeros([2, 1]),
  elites: tf.tensor1d([0, 1], "int32"),
});

// u of the two rows: 5 and 1, 3 and 2, 2.5 and 0.5.
const pairwise = { type: "max-pairwise-difference" };
const aleatoric = { type: "max-aleatoric" };
const deviation = { type: "max-deviation" };

const penaltyOf = (options: object): UncertaintyPenalty =>
  createUntypedPipeline(standardComponents, { penalty: options }).get(UncertaintyPenalty);

describe("combinators by hand", () => {
  it.each([
    ["sum", { type: "sum", penalties: [pairwise, aleatoric] }, [8, 3]],
    ["sum, weighted", { type: "sum", penalties: [pairwise, aleatoric], weights: [2, 0.5] }, [11.5, 3]],
    ["sum of one", { type: "sum", penalties: [pairwise], weights: [3] }, [15, 3]],
    ["max", { type: "max", penalties: [pairwise, aleatoric] }, [5, 2]],
    ["max, the other way round", { type: "max", penalties: [aleatoric, pairwise] }, [5, 2]],
    ["max of three", { type: "max", penalties: [deviation, aleatoric, pairwise] }, [5, 2]],
    ["max of one", { type: "max", penalties: [deviation] }, [2.5, 0.5]],
    ["scale", { type: "scale", factor: 1.5, penalty: pairwise }, [7.5, 1.5]],
    ["scale by 0", { type: "scale", factor: 0, penalty: pairwise }, [0, 0]],
    ["clip at both ends", { type: "clip", minimum: 1.5, maximum: 4, penalty: pairwise }, [4, 1.5]],
    ["clip that holds nothing", { type: "clip", minimum: 1.5, maximum: 4, penalty: aleatoric }, [3, 2]],
    ["clip, from 0 by default", { type: "clip", maximum: 0.75, penalty: deviation }, [0.75, 0.5]],
    [
      // 0.5 * 5 + max(5, 3) = 7.5, cut; 0.5 * 1 + max(1, 2).
      "clip of a sum of scale and max",
      {
        type: "clip",
        maximum: 7.25,
        penalty: {
          type: "sum",
          penalties: [
            { type: "scale", factor: 0.5, penalty: pairwise },
            { type: "max", penalties: [pairwise, aleatoric] },
          ],
        },
      },
      [7.25, 2.5],
    ],
  ])("%s", (_, options, wanted) => {
    const u = penaltyOf(options).penalise(inputs(), {});
    expect(u.shape).toEqual([2]);
    const got = u.dataSync();
    for (const [row, value] of wanted.entries()) expect(got[row]).toBeCloseTo(value, 5);
  });

  it("says what its parts say: units, and whether one looks at the reward or at members", () => {
    const data = { type: "nearest-neighbour" };
    const states = penaltyOf({ type: "max", penalties: [pairwise, deviation] });
    expect([states.unit, states.seesReward, states.seesMembers]).toEqual(["state", false, true]);
    const mixed = penaltyOf({ type: "sum", penalties: [aleatoric, data] });
    expect([mixed.unit, mixed.seesReward, mixed.seesMembers]).toEqual(["state and standard deviations", true, true]);
    const blind = penaltyOf({ type: "clip", maximum: 1, penalty: data });
    expect([blind.unit, blind.seesReward, blind.seesMembers]).toEqual(["standard deviations", false, false]);
  });

  it.each([
    [{ type: "sum", penalties: [pairwise, aleatoric], weights: [1] }, /not one weight a penalty/],
    [{ type: "clip", minimum: 2, maximum: 1, penalty: pairwise }, /smaller than the minimum/],
    [{ type: "max", penalties: [] }, /penalties/],
  ])("refuses $type that makes no sense", (options, message) => {
    expect(() => penaltyOf(options)).toThrow(message);
  });
});
