import { ConfigError, type Random } from "@lowerbound/core";
import type { Statistic } from "./aggregate.js";
import { centralInterval, type Interval } from "./quantile.js";
import type { Scores } from "./scores.js";

/** How an interval is made from resamples. */
export interface BootstrapOptions {
  readonly random: Random;
  readonly repetitions: number;
  /** Share of the resamples inside the interval, such as 0.95. */
  readonly confidence: number;
}

/** Runs of a resample: for every task on its own, runs drawn with replacement, [runs, tasks]; tasks are kept. */
export const drawRuns = (random: Random, { runs, tasks }: Scores): Int32Array =>
  random.integers(new Int32Array(runs * tasks), runs);

/** Scores of a resample: cell [run, task] holds the run that `picks` [runs, tasks] names. */
export function resample({ runs, tasks, values }: Scores, picks: Int32Array): Scores {
  return { runs, tasks, values: Float64Array.from(picks, (run, cell) => values[run * tasks + (cell % tasks)]!) };
}

/**
 * Percentile interval of a statistic by the stratified bootstrap: tasks are the strata.
 *
 * Source: Agarwal et al. 2021, section 4.1. @throws ConfigError for no repetitions, or a confidence that is no share
 */
export function stratifiedInterval(scores: Scores, statistic: Statistic, options: BootstrapOptions): Interval {
  check(options);
  return intervalOf(options, (random) => statistic(resample(scores, drawRuns(random, scores))));
}

/** The same for several figures of each resample, such as a performance profile: an interval an entry. @throws ConfigError */
export function stratifiedBand(
  scores: Scores,
  figures: (scores: Scores) => ArrayLike<number>,
  options: BootstrapOptions,
): readonly Interval[] {
  check(options);
  const { random, repetitions, confidence } = options;
  const drawn = Array.from({ length: repetitions }, () => figures(resample(scores, drawRuns(random, scores))));
  return Array.from(drawn[0] ?? [], (_, entry) =>
    centralInterval(
      drawn.map((each) => each[entry]!),
      confidence,
    ),
  );
}

/** The same for a figure of two methods, such as the probability of improvement; each is resampled on its own. @throws ConfigError */
export function pairedInterval(
  x: Scores,
  y: Scores,
  statistic: (x: Scores, y: Scores) => number,
  options: BootstrapOptions,
): Interval {
  check(options);
  return intervalOf(options, (random) => statistic(resample(x, drawRuns(random, x)), resample(y, drawRuns(random, y))));
}

/**
 * Percentile interval of a figure of `count` independent units, such as episodes: `picks` [count] of each resample name
 * them, with replacement. Figures that are NaN (a resample without weight) are left out.
 */
export function unitInterval(
  count: number,
  figure: (picks: Int32Array) => number,
  options: BootstrapOptions,
): Interval {
  return intervalOf(options, (random) => figure(random.integers(new Int32Array(count), count)));
}

function check({ repetitions, confidence }: BootstrapOptions): void {
  const wrong = (name: string, value: number, expected: string) =>
    new ConfigError(`${name} is ${value}`, {
      where: "bootstrap interval",
      expected,
      remedy: `set ${name} to such a number`,
    });
  if (!Number.isInteger(repetitions) || repetitions < 1) {
    throw wrong("repetitions", repetitions, "a whole number of resamples, at least 1");
  }
  if (!(confidence > 0 && confidence < 1))
    throw wrong("confidence", confidence, "a share between 0 and 1, such as 0.95");
}

function intervalOf({ random, repetitions, confidence }: BootstrapOptions, draw: (random: Random) => number): Interval {
  const figures = Float64Array.from({ length: repetitions }, () => draw(random));
  return centralInterval(
    figures.filter((figure) => !Number.isNaN(figure)),
    confidence,
  );
}
