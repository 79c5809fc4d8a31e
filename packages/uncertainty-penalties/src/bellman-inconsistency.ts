import {
  CapabilityError,
  type Dimensions,
  defineComponent,
  type NoiseSpec,
  Optimiser,
  type PenaltyInputs,
  UncertaintyPenalty,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, type Selection, selectLogVar, selectMeans } from "./options.js";

const config = z.object({
  members: membersOption,
  appliesTo: z
    .enum(["target", "reward"])
    .default("target")
    .describe("target: lowers the Bellman target of updates, as published; reward: lowers the reward of rollouts"),
  discount: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("what the next observation's value counts; as much as for the optimiser where left out"),
  samples: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe("samples of each member's next observation whose values are averaged; 0: its mean alone (published: 10)"),
});

export type BellmanInconsistencyOptions = z.output<typeof config> & { readonly discount: number };

/** Of an optimiser that does not say its own. */
const DISCOUNT = 0.99;

const WITH_REWARD = "include";

/**
 * Standard deviation over members of the backed-up value r_i + discount min_c Q_c(s'_i, pi(s'_i)) -> [batch], in the
 * unit of returns.
 *
 * Noise `next` [samples, batch, observation + 1]: the members share it, so that their samples differ by their Gaussians
 * alone. Source: MOBILE (Sun et al. 2023), section 4; public code leaves the reward out and asks the target critics,
 * this one the present ones.
 * @throws CapabilityError without a critic and a policy to ask.
 */
export function bellmanInconsistency(inputs: PenaltyInputs, options: BellmanInconsistencyOptions): Tensor {
  const { critic, policy, noise } = inputs;
  if (critic === undefined || policy === undefined) {
    throw new CapabilityError("Bellman inconsistency asks for a critic and a policy, and there is none yet", {
      where: "penalty",
      expected: "a place inside training: an update, or a rollout with an optimiser that learns Q-values",
    });
  }
  const selection: Selection = { members: options.members, reward: WITH_REWARD };
  const means = selectMeans(inputs, selection);
  const std = tf.exp(tf.mul(0.5, selectLogVar(inputs, selection)));
  const [members, batch, dim] = means.shape as [number, number, number];
  const drawn = options.samples === 0 || noise?.next === undefined ? [undefined] : tf.unstack(noise.next, 0);
  const backups = drawn.map((each) => {
    const next = each === undefined ? means : tf.add(means, tf.mul(std, tf.expandDims(each, 0)));
    const [observation, reward] = tf.split(tf.reshape(next, [members * batch, dim]), [dim - 1, 1], -1);
    const q = tf.min(critic(observation!, policy(observation!)), 0);
    return tf.reshape(tf.add(reward!, tf.mul(options.discount, q)), [members, batch]);
  });
  const backup = tf.div(tf.addN(backups), backups.length);
  return tf.sqrt(tf.mean(tf.square(tf.sub(backup, tf.mean(backup, 0, true))), 0));
}

/** Penalty `bellman-inconsistency`. */
export const bellmanInconsistencyPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "bellman-inconsistency",
  summary: "MOBILE's: how the members disagree about the value of what comes next; lowers the Bellman target",
  documentation:
    "u(s, a) = std_i [ r_i + discount min_c Q_c(s'_i, pi(s'_i)) ], s'_i and r_i the member's mean, or an average over " +
    "samples. Source: MOBILE (Sun et al. 2023), section 4. Needs an optimiser with a critic.",
  config,
  create: (options, { optional }) => {
    const discount = options.discount ?? optional(Optimiser)?.discount ?? DISCOUNT;
    return {
      unit: "return",
      seesReward: true,
      appliesTo: options.appliesTo,
      requests: ["critic", "policy"] as const,
      ...(options.samples === 0
        ? {}
        : {
            noise: (batch: number, { observation }: Dimensions): NoiseSpec => ({
              next: { distribution: "normal", shape: [options.samples, batch, observation + 1] },
            }),
          }),
      penalise: (inputs) => bellmanInconsistency(inputs, { ...options, discount }),
    };
  },
});
