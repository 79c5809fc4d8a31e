import {
  CapabilityError,
  counted,
  DataError,
  DynamicsModel,
  defineComponent,
  type FitContext,
  type Fitted,
  heldOutOf,
  hostFloat32,
  NumericalError,
  type Params,
  penaltyInputs,
  requireMembers,
  scoped,
  slot,
  stepModel,
  type Transitions,
  UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import { hierarchicalQuantile } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { overTransitions } from "./over-transitions.js";

const config = z.object({
  penalty: slot(UncertaintyPenalty).describe("the penalty that is rescaled"),
  errorRate: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("alpha: how often u may fall short of the model's error on transitions like the logged ones"),
  heldOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("share of episodes that model and penalty never see in fitting"),
  floor: z.number().positive().default(1e-6).describe("least value of the rescaled penalty before its scale"),
});

export type ConformalOptions = Omit<z.output<typeof config>, "penalty">;

/** ||s' - mean over elites of mu_i(s, a)||_2: the model's error at logged transitions -> [batch], the state's unit. */
function modelError(nextObservation: Tensor, meanObservation: Tensor, elites: Tensor): Tensor {
  const members = meanObservation.shape[0]!;
  const chosen = tf.expandDims(tf.expandDims(tf.sum(tf.cast(tf.oneHot(elites, members), "float32"), 0), -1), -1);
  const mean = tf.div(tf.sum(tf.mul(meanObservation, chosen), 0), elites.size);
  return tf.norm(tf.sub(nextObservation, mean), 2, -1);
}

async function fit(
  penalty: UncertaintyPenalty,
  dynamics: DynamicsModel,
  options: ConformalOptions,
  context: FitContext,
): Promise<Fitted> {
  const inner = await penalty.fit?.(context);
  const held = await heldOutOf(context, "penalty").transitions();
  const { ratios, u } = await errorRatios(penalty, dynamics, { context, held, inner, floor: options.floor });
  const episodes = byEpisode(ratios, held.episodeStarts);
  const scale = hierarchicalQuantile(episodes, 1 - options.errorRate);
  if (episodes.length < episodesFor(options.errorRate)) throw tooFew(episodes.length, options.errorRate);
  checkScale(scale, { ratios, u }, options);
  const covered = ratios.reduce((count, ratio) => count + (ratio <= scale ? 1 : 0), 0) / ratios.length;
  return {
    tensors: { ...scoped("penalty", inner?.tensors ?? {}), scale: hostFloat32(Float32Array.of(scale), 1) },
    facts: { scale, heldOutEpisodes: episodes.length, heldOutCoverage: covered, penalty: inner?.facts ?? {} },
  };
}

const episodesFor = (errorRate: number): number => Math.ceil(1 / errorRate - 1 - 1e-9);

const tooFew = (episodes: number, errorRate: number): DataError =>
  new DataError(`an error rate of ${errorRate} asks for more than ${counted(episodes, "held-out episode")}`, {
    where: "penalty.heldOut",
    expected: `at least ${counted(episodesFor(errorRate), "held-out episode")}`,
    remedy: "raise penalty.heldOut or penalty.errorRate",
  });

interface Calibration {
  readonly context: FitContext;
  readonly held: Transitions;
  readonly inner: Fitted | undefined;
  readonly floor: number;
}

interface ErrorRatios {
  /** The model's error over max(u, floor) of every held-out transition. */
  readonly ratios: Float32Array;
  readonly u: Float32Array;
}

/** @throws NumericalError for a scale that is no number; DataError for one that pairs decide of which u says nothing */
function checkScale(scale: number, { ratios, u }: ErrorRatios, { floor, errorRate }: ConformalOptions): void {
  if (!Number.isFinite(scale)) {
    throw new NumericalError(`u or the model's error is no number on more than ${errorRate} of held-out transitions`, {
      where: "penalty.penalty",
      expected: "finite numbers, 0 or above",
      remedy: "hold u between bounds: penalty.penalty.type clip; or fit the model anew, with a lower learning rate",
    });
  }
  if (u[ratios.indexOf(scale)]! > floor) return;
  const share = u.filter((value) => value <= floor).length / u.length;
  throw new DataError(`u is at most the floor, ${floor}, on ${(100 * share).toFixed(0)} % of held-out transitions`, {
    where: "penalty.floor",
    expected: "a penalty above it where the scale is decided: errors over next to nothing would scale all others",
    remedy: `raise penalty.floor to a size that counts (u is up to ${largest(u).toPrecision(3)}), or take another penalty`,
  });
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, value));

async function errorRatios(
  penalty: UncertaintyPenalty,
  dynamics: DynamicsModel,
  calibration: Calibration,
): Promise<ErrorRatios> {
  const { context, held, inner, floor } = calibration;
  const { tensors } = context.fitted("dynamics");
  const { ratio, u } = await overTransitions(context, held, {
    name: "conformal",
    state: { ...scoped("dynamics", tensors), ...scoped("penalty", inner?.tensors ?? {}) },
    noise: (batch) => ({
      ...scoped("dynamics", dynamics.stepNoise(held, batch, tensors)),
      ...scoped("penalty", penalty.noise?.(batch, held) ?? {}),
    }),
    fn: (given) => errorsOf(penalty, dynamics, given, floor),
  });
  return { ratios: ratio!, u: u! };
}

function errorsOf(penalty: UncertaintyPenalty, dynamics: DynamicsModel, given: Params, floor: number) {
  const at = { observation: given.observation!, action: given.action! };
  const [model, own] = [unscoped("dynamics", given), unscoped("penalty", given)];
  const inputs = penaltyInputs(at, stepModel(dynamics, at, model), own);
  const error = modelError(given.nextObservation!, inputs.meanObservation, inputs.elites);
  const u = uncertainty(penalty, inputs, own);
  return { ratio: tf.div(error, tf.maximum(u, floor)), u };
}

function byEpisode(values: Float32Array, starts: Int32Array): readonly Float32Array[] {
  const episodes = Array.from({ length: starts.length - 1 }, (_, i) => values.subarray(starts[i], starts[i + 1]));
  return episodes.filter(({ length }) => length > 0);
}

/** @throws CapabilityError for a penalty that asks for what only training has. */
function checkRequests(penalty: UncertaintyPenalty): void {
  const [asked] = penalty.requests ?? [];
  if (asked === undefined) return;
  throw new CapabilityError(`the penalty asks for a ${asked}, and calibration comes before there is one`, {
    where: "penalty.penalty",
    expected: "a penalty of the model and the data alone",
  });
}

/** Penalty `conformal`. */
export const conformalPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "conformal",
  summary:
    "another penalty, rescaled on held-out episodes so that it covers the model's error with a stated probability",
  documentation:
    "u(s, a) = scale max(u'(s, a), floor), the scale by split conformal prediction over whole episodes that neither the " +
    "model nor u' was fitted on: for a transition drawn at random from a new episode like the held-out ones, " +
    "u >= ||s' - mean of the elites||_2 with probability 1 - errorRate. It promises this on average, not for each (s, a); " +
    "not for a policy's own visits, which lie elsewhere; and nothing of the reward's error. Needs 1 / errorRate - 1 " +
    "held-out episodes. Source: Lei et al. 2018, normalised scores; Dunn, Wasserman and Ramdas 2022, for episodes.",
  config,
  requires: [DynamicsModel],
  create: ({ penalty, ...options }, { inject }) => {
    checkRequests(penalty);
    const dynamics = inject(DynamicsModel);
    requireMembers(dynamics, "calibration measures the error of the members' mean, and ");
    return {
      unit: "state",
      seesReward: penalty.seesReward ?? false,
      appliesTo: penalty.appliesTo ?? "reward",
      holdsOut: options.heldOut,
      check: async (log) => {
        await penalty.check?.(log);
        if (log.heldOut < episodesFor(options.errorRate)) throw tooFew(log.heldOut, options.errorRate);
      },
      ...(penalty.noise === undefined ? {} : { noise: penalty.noise.bind(penalty) }),
      fit: (context) => fit(penalty, dynamics, options, context),
      penalise: (inputs, params) =>
        tf.mul(params.scale!, tf.maximum(uncertainty(penalty, inputs, unscoped("penalty", params)), options.floor)),
    };
  },
});
