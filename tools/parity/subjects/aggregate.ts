import { Random } from "@lowerbound/core";
import {
  averageProfile,
  type BootstrapOptions,
  centralInterval,
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
  performanceProfile,
  probabilityOfImprovement,
  resample,
  type Scores,
  type Statistic,
  stratifiedInterval,
} from "@lowerbound/evaluation";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { integers } from "./compute.js";

const hyperparameters = z.looseObject({ confidence: z.number(), repetitions: z.int(), seed: z.int() });

const statistics: readonly Statistic[] = [interquartileMean, meanScore, medianScore, (scores) => optimalityGap(scores)];

/** Resamples of our own for the interval that the file gives within a wide tolerance. */
const MANY = 4000;

/** Aggregate scores and their bootstrap intervals. */
export async function aggregateSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const [x, y] = [scoresIn(fixture, "x"), scoresIn(fixture, "y")];
  return checkAll(fixture, {
    ...figuresOf(fixture, "x", x),
    ...figuresOf(fixture, "y", y),
    "out.probability_of_improvement": [probabilityOfImprovement(x, y)],
    "out.probability_of_improvement_reverse": [probabilityOfImprovement(y, x)],
    ...givenResamples(fixture, x, y),
    "out.interval_many": ownResamples(fixture, x),
  });
}

function scoresIn(fixture: Fixture, method: "x" | "y"): Scores {
  const { shape, data } = fixture.tensor(`in.scores_${method}`);
  return { runs: shape[0]!, tasks: shape[1]!, values: Float64Array.from(data) };
}

function figuresOf(fixture: Fixture, method: string, scores: Scores): Record<string, ArrayLike<number>> {
  const levels = fixture.tensor("in.taus").data;
  const figures = {
    iqm: [interquartileMean(scores)],
    mean: [meanScore(scores)],
    median: [medianScore(scores)],
    optimality_gap: [optimalityGap(scores)],
    optimality_gap_half: [optimalityGap(scores, 0.5)],
    profile: performanceProfile(scores, levels),
    average_profile: averageProfile(scores, levels),
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`out.${method}.${name}`, value]));
}

/** What the recorded draws lead to. */
function givenResamples(fixture: Fixture, x: Scores, y: Scores): Record<string, ArrayLike<number>> {
  const drawn = (name: string, scores: Scores) => {
    const picks = integers(fixture, name);
    const size = scores.runs * scores.tasks;
    return Array.from({ length: picks.length / size }, (_, k) =>
      resample(scores, picks.subarray(k * size, (k + 1) * size)),
    );
  };
  const rows = drawn("in.bootstrap_rows", x).map((scores) => statistics.map((statistic) => statistic(scores)));
  const others = drawn("in.bootstrap_rows_y", y);
  const improvement = drawn("in.bootstrap_rows_x", x).map((scores, k) => probabilityOfImprovement(scores, others[k]!));
  const { confidence } = hyperparameters.parse(fixture.hyperparameters);
  const intervals = statistics.map((_, column) =>
    centralInterval(
      rows.map((row) => row[column]!),
      confidence,
    ),
  );
  const improved = centralInterval(improvement, confidence);
  return {
    "out.bootstrap.statistics": rows.flat(),
    "out.bootstrap.interval": [...intervals.map(({ low }) => low), ...intervals.map(({ high }) => high)],
    "out.bootstrap.improvement": improvement,
    "out.bootstrap.improvement_interval": [improved.low, improved.high],
  };
}

function ownResamples(fixture: Fixture, scores: Scores): readonly number[] {
  const { confidence, seed } = hyperparameters.parse(fixture.hyperparameters);
  const options: BootstrapOptions = { random: Random.fromSeed(seed), repetitions: MANY, confidence };
  const intervals = statistics.map((statistic) => stratifiedInterval(scores, statistic, options));
  return [...intervals.map(({ low }) => low), ...intervals.map(({ high }) => high)];
}
