import { ConfigError, defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  type Gaussians,
  hellingerBound,
  kullbackLeibler,
  pinskerBound,
  totalVariationBound,
  wasserstein2,
} from "./gaussian-divergences.js";
import { jensenRenyi, jensenRenyiOfTwo } from "./jensen-renyi.js";
import { membersOption, rewardOption, rotate, selectLogVar, selectMeans } from "./options.js";
import { marginalTotalVariation } from "./total-variation.js";

type Pairwise = (first: Gaussians, second: Gaussians) => Tensor;

/** Divergences of two Gaussians each [members, batch, dim] -> [members, batch], their units, and if order matters. */
const pairwise = {
  kl: { of: kullbackLeibler, unit: "nats", symmetric: false },
  "jensen-renyi": { of: jensenRenyiOfTwo, unit: "nats", symmetric: true },
  hellinger: { of: hellingerBound, unit: "probability", symmetric: true },
  pinsker: { of: pinskerBound, unit: "probability", symmetric: false },
  "total-variation-bound": { of: totalVariationBound, unit: "probability", symmetric: true },
  "marginal-total-variation": {
    of: (first, second) => tf.max(marginalTotalVariation(first, second), -1),
    unit: "probability",
    symmetric: true,
  },
  "wasserstein-2": { of: wasserstein2, unit: "state", symmetric: true },
} as const satisfies Record<string, { of: Pairwise; unit: string; symmetric: boolean }>;

const measures = Object.keys(pairwise) as [keyof typeof pairwise, ...(keyof typeof pairwise)[]];

const config = z.object({
  measure: z
    .enum(measures)
    .default("hellinger")
    .describe(
      "divergence of two Gaussians; hellinger, pinsker and total-variation-bound bound total variation from above, " +
        "marginal-total-variation, the largest of single dimensions, from below",
    ),
  over: z
    .enum(["maximum", "mean", "all"])
    .default("maximum")
    .describe(
      "maximum or mean over ordered pairs of different members; all: of the members at once (jensen-renyi only)",
    ),
  members: membersOption,
  reward: rewardOption("include"),
});

export type DivergenceOptions = z.output<typeof config>;

/**
 * Maximum or mean over ordered pairs of different members of a divergence of their Gaussians -> [batch]; 0 of one member.
 *
 * Source: closed forms of diagonal Gaussians; Jensen-Renyi from MAX (Shyam et al. 2019), where it is of `all` at once.
 */
export function divergence(inputs: PenaltyInputs, options: DivergenceOptions): Tensor {
  const gaussians = { mean: selectMeans(inputs, options), logVar: selectLogVar(inputs, options) };
  const [members, batch] = gaussians.mean.shape as [number, number];
  if (members < 2) return tf.zeros([batch]);
  if (options.over === "all") return jensenRenyi(gaussians);
  const { of, symmetric } = pairwise[options.measure];
  // Rotations meet every ordered pair; half of them do, where a pair's order does not matter.
  const last = symmetric ? Math.floor(members / 2) : members - 1;
  const turned = (shift: number): Gaussians => ({
    mean: rotate(gaussians.mean, shift),
    logVar: rotate(gaussians.logVar, shift),
  });
  const values = Array.from({ length: last }, (_, index) => of(gaussians, turned(index + 1)));
  if (options.over === "maximum") return tf.max(tf.concat(values, 0), 0);
  // Of a symmetric measure a rotation stands for both orders, but the one by half of the members meets both itself.
  const weights = values.map((_, index) => (symmetric && 2 * (index + 1) !== members ? 2 : 1));
  const total = values.map((value, index) => tf.mul(weights[index]!, tf.sum(value, 0)));
  return tf.div(tf.addN(total), members * (members - 1));
}

/** Penalty `divergence`. */
export const divergencePenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "divergence",
  summary: "how far the members' Gaussians lie apart: KL, Jensen-Renyi, bounds on total variation, or 2-Wasserstein",
  documentation:
    "u(s, a) = max or mean over pairs i != j of D(N_i, N_j), N_i the member's Gaussian of next observation and reward. " +
    "Jensen-Renyi: MAX (Shyam et al. 2019); the others are closed forms. Total variation is half the L1 distance.",
  config,
  create: (options) => {
    if (options.over === "all" && options.measure !== "jensen-renyi") {
      throw new ConfigError(`"${options.measure}" is a divergence of two, not of all members at once`, {
        where: "penalty.over",
        expected: '"maximum" or "mean"; "all" goes with measure "jensen-renyi"',
      });
    }
    return {
      unit: pairwise[options.measure].unit,
      seesReward: options.reward === "include",
      penalise: (inputs) => divergence(inputs, options),
    };
  },
});
