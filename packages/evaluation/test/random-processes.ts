import { Random } from "@lowerbound/core";
import { randomDistributions, randomMdp, type TabularMdp } from "@lowerbound/environments";
import { modelFromSamples, type TabularCounts, type TabularSamples } from "../src/index.js";

export const SIZES = { states: 4, actions: 2, discount: 0.9 };
const PAIRS = SIZES.states * SIZES.actions;

/** A process with rewards of 0 to 1, paid as they are; or of -1 to 1 on average, paid as one of the two. */
interface Paying {
  readonly mdp: TabularMdp;
  readonly signed: boolean;
}
const rangeOf = ({ signed }: Paying) => ({ minimum: signed ? -1 : 0, maximum: 1 });

/** Independent steps from each pair in turn, as many as `draws` says of it. */
export function sample({ mdp, signed }: Paying, random: Random, draws: (row: number) => number): TabularSamples {
  const { states, actions } = mdp;
  const rows = Array.from({ length: PAIRS }, (_, row) => Array<number>(draws(row)).fill(row)).flat();
  const [levels, coins] = [random, random.stream("coins")].map((each) => each.uniform(new Float32Array(rows.length)));
  return {
    states: rows.map((row) => Math.floor(row / actions)),
    actions: rows.map((row) => row % actions),
    rewards: rows.map((row, i) => {
      const mean = mdp.rewards[row]!;
      return signed ? (coins![i]! < (1 + mean) / 2 ? 1 : -1) : mean;
    }),
    nextStates: rows.map((row, i) => {
      let sum = mdp.transitions[row * states]!;
      let next = 0;
      while (levels![i]! >= sum && next < states - 1) sum += mdp.transitions[row * states + ++next]!;
      return next;
    }),
  };
}

/** Counts of `draws` steps from each pair, too many to take one by one: binomials by their normal limits. */
export function sampleCounts({ mdp, signed }: Paying, random: Random, draws: number): TabularCounts {
  const { states, transitions, rewards } = mdp;
  const normals = random.normal(new Float32Array(PAIRS * (states + 1)));
  const binomial = (of: number, probability: number, z: number) => {
    const drawn = of * probability + Math.sqrt(Math.max(0, of * probability * (1 - probability))) * z;
    return Math.min(of, Math.max(0, Math.round(drawn)));
  };
  const next = new Float64Array(PAIRS * states);
  for (let row = 0; row < PAIRS; row++) {
    let [left, rest] = [draws, 1];
    for (let to = 0; to < states; to++) {
      const probability = transitions[row * states + to]!;
      const share = to === states - 1 ? 1 : Math.min(1, probability / rest);
      next[row * states + to] = binomial(left, share, normals[row * (states + 1) + to]!);
      left -= next[row * states + to]!;
      rest -= probability;
    }
  }
  const wins = (mean: number, row: number) => binomial(draws, (1 + mean) / 2, normals[row * (states + 1) + states]!);
  return {
    visits: new Float64Array(PAIRS).fill(draws),
    next,
    rewards: rewards.map((mean, row) => (signed ? 2 * wins(mean, row) - draws : draws * mean)),
  };
}

/** A process, and what its log alone says of it; every other four have signed, noisy rewards and unequal draws a pair. */
function trial(seed: number) {
  const random = Random.fromSeed(seed);
  const plain = randomMdp(random.stream("process"), SIZES);
  const signed = seed % 8 >= 4;
  const truth = signed ? { ...plain, rewards: plain.rewards.map((reward) => 2 * reward - 1) } : plain;
  const paying = { mdp: truth, signed };
  const draws = [5, 50, 500, 5000][seed % 4]!;
  const log = sample(paying, random.stream("log"), (row) => (signed ? Math.ceil((draws * (row + 1)) / PAIRS) : draws));
  const range = rangeOf(paying);
  const bounded = modelFromSamples(log, truth, { rewards: range, confidence: 0.9999 });
  const behaviour = randomDistributions(random.stream("behaviour"), SIZES.states, SIZES.actions);
  return { truth, bounded, behaviour, random, draws, paying, range };
}
/** Two hundred of them. */
export const TRIALS = Array.from({ length: 200 }, (_, seed) => trial(seed));
