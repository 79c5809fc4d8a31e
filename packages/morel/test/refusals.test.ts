import { createPpo, createSac, ppoOptions, sacOptions } from "@lowerbound/actor-critic";
import {
  CapabilityError,
  ConfigError,
  type CreateContext,
  DynamicsModel,
  type Kind,
  Optimiser,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { endless, lineMember } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { morel, morelOptions } from "../src/index.js";

const sac = createSac(sacOptions.parse({}));
const { discount: _, ...undiscounted } = sac;
const effort: UncertaintyPenalty = { penalise: ({ action }) => tf.norm(action, 1, -1) };

/** The pipeline's part in making the algorithm, which fits nothing yet. */
const makingWith = (optimiser: Optimiser): CreateContext => ({
  inject: <T>(kind: Kind<string, T>): T => {
    const made = new Map<symbol, unknown>([
      [DynamicsModel.token, lineMember(0)],
      [Termination.token, endless],
      [Optimiser.token, optimiser],
      [UncertaintyPenalty.token, effort],
    ]);
    return made.get(kind.token) as T;
  },
  optional: () => undefined,
});

describe("before anything is fitted, MOReL refuses", () => {
  it("a realRatio without a row, of an optimiser that mixes", () => {
    const options = morelOptions.parse({ batchSize: 16, realRatio: 0.01 });
    expect(() => morel.create(options, makingWith(sac))).toThrow(ConfigError);
    expect(() => morel.create(options, makingWith(sac))).toThrow(/realRatio 0.01 has no row of the dataset/);
    expect(() => morel.create(options, makingWith(createPpo(ppoOptions.parse({}))))).not.toThrow();
  });

  it("an optimiser without a discount, where HALT costs for ever", () => {
    const paying = (haltPayment: "for-ever" | "once") => () =>
      morel.create(morelOptions.parse({ haltPayment }), makingWith(undiscounted));
    expect(paying("for-ever")).toThrow(CapabilityError);
    expect(paying("for-ever")).toThrow(/does not say its discount[\s\S]*algorithm.haltPayment/);
    expect(paying("once")).not.toThrow();
  });
});
