import type { Engine, HostTensors, Params } from "@lowerbound/core";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import {
  bretagnolleHuberBound,
  type Gaussians,
  hellingerBound,
  hellingerSquared,
  kullbackLeibler,
  logBhattacharyya,
  marginalTotalVariation,
  pinskerBound,
  sharedCovarianceTotalVariation,
  totalVariationBound,
  wasserstein2,
} from "@lowerbound/uncertainty-penalties";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { compute, host } from "./compute.js";

/**
 * Closed forms of pairs of diagonal Gaussians, given by means and standard deviations in float64.
 *
 * They stay the same when both Gaussians of a pair are moved and stretched alike, the Wasserstein distance dimension by
 * dimension. The first is made the standard normal before anything is rounded to float32, which would else change
 * nearly equal pairs themselves.
 */
export async function gaussiansSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const inputs = {
    ...pairOf(fixture, "general", ["in.mean1", "in.std1", "in.mean2", "in.std2"]),
    ...pairOf(fixture, "equal", ["in.equal.mean1", "in.equal.std", "in.equal.mean2", "in.equal.std"]),
    ...pairOf(fixture, "one", ["in.one.mean1", "in.one.std1", "in.one.mean2", "in.one.std2"]),
    std: host(fixture.tensor("in.std1")),
  };
  const results = await compute(engine, inputs, (tensors) => ({
    ...general(tensors),
    ...equalSpread(tensors),
    ...oneDimension(tensors),
  }));
  return checkAll(
    fixture,
    Object.fromEntries(Object.entries(results).map(([name, data]) => [name.replaceAll("/", "."), data])),
  );
}

type Names = readonly [mean1: string, std1: string, mean2: string, std2: string];

/** Mean and log-variance of each pair's second Gaussian, seen from its first. */
function pairOf(fixture: Fixture, name: string, names: Names): HostTensors {
  const data = (index: 0 | 1 | 2 | 3) => fixture.tensor(names[index]).data;
  const [mean1, std1, mean2, std2] = [data(0), data(1), data(2), data(3)];
  const { shape } = fixture.tensor(names[0]);
  const of = (value: (i: number) => number) =>
    ({ dtype: "float32", shape, data: Float32Array.from(mean1, (_, i) => value(i)) }) as const;
  return {
    [`${name}/mean`]: of((i) => (mean2[i]! - mean1[i]!) / std1[i]!),
    [`${name}/logVar`]: of((i) => 2 * Math.log(std2[i]! / std1[i]!)),
  };
}

const standardNormal = (like: Tensor): Gaussians => ({ mean: tf.zerosLike(like), logVar: tf.zerosLike(like) });

function seen(tensors: Params, name: string): [first: Gaussians, second: Gaussians] {
  const [mean, logVar] = [tensors[`${name}/mean`]!, tensors[`${name}/logVar`]!];
  return [standardNormal(mean), { mean, logVar }];
}

function general(tensors: Params): Record<string, Tensor> {
  const [first, second] = seen(tensors, "general");
  const squared = hellingerSquared(first, second);
  return {
    "out/bretagnolle_huber12": bretagnolleHuberBound(first, second),
    "out/hellinger": tf.sqrt(squared),
    "out/hellinger_squared": squared,
    "out/kl12": kullbackLeibler(first, second),
    "out/kl21": kullbackLeibler(second, first),
    "out/log_bhattacharyya": logBhattacharyya(first, second),
    "out/pinsker12": pinskerBound(first, second),
    "out/pinsker21": pinskerBound(second, first),
    "out/tv_lower_hellinger": tf.clone(squared),
    "out/tv_upper_best": totalVariationBound(first, second),
    "out/tv_upper_hellinger": hellingerBound(first, second),
    "out/tv_upper_hellinger_loose": tf.minimum(1, tf.sqrt(tf.mul(2, squared))),
    "out/wasserstein2": stretchedWasserstein(first, second, tensors.std!),
  };
}

/** The distance of each dimension in units of the first standard deviation, put together in the given units. */
function stretchedWasserstein(first: Gaussians, second: Gaussians, std: Tensor): Tensor {
  const column = ({ mean, logVar }: Gaussians) => ({
    mean: tf.expandDims(mean, -1),
    logVar: tf.expandDims(logVar, -1),
  });
  return tf.norm(tf.mul(std, wasserstein2(column(first), column(second))), 2, -1);
}

function equalSpread(tensors: Params): Record<string, Tensor> {
  const [first, second] = seen(tensors, "equal");
  return {
    "out/equal/pinsker12": pinskerBound(first, second),
    "out/equal/tv_exact": sharedCovarianceTotalVariation(first.mean, second.mean, first.logVar),
    "out/equal/tv_upper_hellinger": hellingerBound(first, second),
  };
}

function oneDimension(tensors: Params): Record<string, Tensor> {
  const [, { mean, logVar }] = seen(tensors, "one");
  const second = { mean: tf.expandDims(mean, -1), logVar: tf.expandDims(logVar, -1) };
  const first = standardNormal(second.mean);
  return {
    "out/one/tv_exact": tf.squeeze(marginalTotalVariation(first, second), [1]),
    "out/one/tv_lower_hellinger": hellingerSquared(first, second),
    "out/one/tv_upper_best": totalVariationBound(first, second),
  };
}
