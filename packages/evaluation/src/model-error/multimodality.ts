import { mean } from "../statistics/scores.js";
import { normalLogDensity } from "./normal.js";

/** Whether one Gaussian describes standardised residuals, or two far apart do better. */
export interface Multimodality {
  /** Nats a row that two Gaussians gain over one on rows that neither was fitted to. */
  readonly gain: number;
  /** Distance of the two means over the sum of their standard deviations; above 1 the density has two humps. */
  readonly separation: number;
  /** Share of the smaller of the two. */
  readonly share: number;
  /** Gain above 0.05 nats, separation above 1 and a share above 5 %: a Gaussian does not suffice. */
  readonly multimodal: boolean;
}

interface Component {
  readonly weight: number;
  readonly mean: number;
  readonly std: number;
}

const [GAIN, SEPARATION, SHARE] = [0.05, 1, 0.05];
/** Residuals that a comparison takes at least. */
export const LEAST_RESIDUALS = 8;
const ROUNDS = 60;
const FLOOR = 1e-3;

/**
 * Fit one and two Gaussians to every other residual and compare them on the rest.
 *
 * Residuals are (target - mean) / standard deviation of one dimension, [rows]. Heavy tails alone make two Gaussians of
 * one centre, which is why a separation is asked for. At least 8 rows, which the caller sees to.
 */
export function multimodality(residuals: ArrayLike<number>): Multimodality {
  const fit = Float64Array.from({ length: Math.ceil(residuals.length / 2) }, (_, k) => residuals[2 * k]!);
  const test = Float64Array.from({ length: Math.floor(residuals.length / 2) }, (_, k) => residuals[2 * k + 1]!);
  const one = [componentOf(fit, new Float64Array(fit.length).fill(1))];
  const two = twoComponents(fit);
  const gain = mean(test.map((x) => logDensity(x, two) - logDensity(x, one)));
  const [a, b] = two as [Component, Component];
  const separation = Math.abs(a.mean - b.mean) / (a.std + b.std);
  const share = Math.min(a.weight, b.weight);
  return { gain, separation, share, multimodal: gain > GAIN && separation > SEPARATION && share > SHARE };
}

/** Expectation maximisation from the lower and the upper half. */
function twoComponents(values: Float64Array): readonly Component[] {
  const middle = values.slice().sort()[Math.floor(values.length / 2)]!;
  let belongs = values.map((x) => (x < middle ? 1 : 0));
  let components: readonly Component[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    components = [
      componentOf(values, belongs),
      componentOf(
        values,
        belongs.map((share) => 1 - share),
      ),
    ];
    const [a] = components;
    belongs = values.map((x) => Math.exp(logWeighted(x, a!) - logDensity(x, components)));
  }
  return components;
}

function componentOf(values: Float64Array, shares: Float64Array): Component {
  const total = shares.reduce((sum, share) => sum + share, 0) || FLOOR;
  const centre = values.reduce((sum, x, i) => sum + shares[i]! * x, 0) / total;
  const variance = values.reduce((sum, x, i) => sum + shares[i]! * (x - centre) ** 2, 0) / total;
  return { weight: total / values.length, mean: centre, std: Math.max(Math.sqrt(variance), FLOOR) };
}

const logWeighted = (x: number, { weight, mean: centre, std }: Component): number =>
  Math.log(weight) + normalLogDensity(x, centre, std);

function logDensity(x: number, components: readonly Component[]): number {
  const logs = components.map((component) => logWeighted(x, component));
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
