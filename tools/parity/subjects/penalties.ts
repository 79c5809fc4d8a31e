import type { CreateContext, Engine, Params, PenaltyInputs } from "@lowerbound/core";
import { sampleMembers } from "@lowerbound/dynamics-ensemble";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import {
  divergencePenalty,
  ensembleStandardDeviationPenalty,
  maxAleatoricPenalty,
  maxDeviationPenalty,
  maxPairwiseDifferencePenalty,
} from "@lowerbound/uncertainty-penalties";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { compute, host, integers } from "./compute.js";

const schema = z.looseObject({ penalty_coefficient: z.number() });

const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new Error(`there is no ${name} here`);
  },
  optional: () => undefined,
};

/** The penalties that public code has, by its names, with our defaults. */
export const publicPenalties = {
  aleatoric: maxAleatoricPenalty.create(maxAleatoricPenalty.config.parse({}), ALONE),
  "pairwise-diff": maxDeviationPenalty.create(maxDeviationPenalty.config.parse({}), ALONE),
  ensemble_std: ensembleStandardDeviationPenalty.create(ensembleStandardDeviationPenalty.config.parse({}), ALONE),
} as const;

/** Largest divergences over pairs that the golden files hold, by their names there. */
const divergences = Object.fromEntries(
  (
    [
      ["kl12", "kl"],
      ["pinsker12", "pinsker"],
      ["tv_upper_hellinger", "hellinger"],
      ["wasserstein2", "wasserstein-2"],
    ] as const
  ).map(([name, measure]) => [
    name,
    divergencePenalty.create(divergencePenalty.config.parse({ measure, over: "maximum" }), ALONE),
  ]),
);

const discrepancy = maxPairwiseDifferencePenalty.create(maxPairwiseDifferencePenalty.config.parse({}), ALONE);

/** Penalties of given member Gaussians, and samples of given members. */
export async function ensemblePenaltiesSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { penalty_coefficient } = schema.parse(fixture.hyperparameters);
  const inputs = {
    observation: host(fixture.tensor("in.obs")),
    action: host(fixture.tensor("in.act")),
    mean: host(fixture.tensor("in.mean")),
    logVar: host(fixture.tensor("in.logvar")),
    member: host(fixture.tensor("in.member")),
    sample: { dtype: "float32", shape: sampleShape(fixture), data: drawnNoise(fixture) },
  } as const;
  const results = await compute(engine, inputs, (tensors) => outputs(tensors, penalty_coefficient));
  return checkAll(
    fixture,
    Object.fromEntries(Object.entries(results).map(([name, data]) => [name.replaceAll("/", "."), data])),
  );
}

function outputs(tensors: Params, coefficient: number): Record<string, Tensor> {
  const { observation, mean, logVar } = tensors;
  const [, size] = observation!.shape;
  const sampled = sampleMembers({ mean: mean!, logVar: logVar! }, tensors);
  const [change, reward] = tf.split(sampled, [size!, 1], -1);
  const [meanChange, meanReward] = tf.split(mean!, [size!, 1], -1);
  const sampleObservation = tf.add(observation!, change!);
  const inputs: PenaltyInputs = {
    observation: observation!,
    action: tensors.action!,
    meanObservation: tf.add(meanChange!, observation!),
    meanReward: meanReward!,
    logVar: logVar!,
    sampleObservation,
    sampleReward: reward!,
    elites: tf.range(0, mean!.shape[0], 1, "int32"),
  };
  const results: Record<string, Tensor> = {
    "out/next_obs": sampleObservation,
    "out/raw_reward": reward!,
    "out/reward/no_penalty": reward!,
    "out64/morel_discrepancy": discrepancy.penalise(inputs, {}),
  };
  for (const [name, penalty] of Object.entries(publicPenalties)) {
    const u = tf.expandDims(penalty.penalise(inputs, {}), -1);
    const key = name.replaceAll("-", "_");
    results[`out/penalty/${key}`] = u;
    results[`out/reward/${key}`] = tf.sub(reward!, tf.mul(coefficient, u));
  }
  for (const [name, penalty] of Object.entries(divergences)) {
    results[`out64/pair_max/${name}`] = penalty.penalise(inputs, {});
  }
  return results;
}

const sampleShape = (fixture: Fixture): readonly number[] => fixture.tensor("noise").shape.slice(1);

/** Of the noise of all members, each row's drawn member's. */
function drawnNoise(fixture: Fixture): Float32Array {
  return takeMembers(fixture, "noise", integers(fixture, "in.member"));
}

/** values [members, batch, dim], member [batch] -> [batch, dim]. */
export function takeMembers(fixture: Fixture, name: string, member: Int32Array): Float32Array {
  const { data, shape } = fixture.tensor(name);
  const [, batch = 0, dim = 0] = shape;
  return Float32Array.from({ length: batch * dim }, (_, i) => data[member[Math.floor(i / dim)]! * batch * dim + i]!);
}
