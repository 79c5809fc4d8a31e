import { Random } from "@lowerbound/core";
import { interquartileMean, scoresOf, stratifiedInterval } from "@lowerbound/evaluation";
import type { Summariser } from "@lowerbound/reports";

const REPETITIONS = 2000;
const CONFIDENCE = 0.95;

/**
 * How a report puts seeds together. The resamples are drawn from a stream of their own for each figure, so that the same
 * files give the same report.
 */
export const overSeeds: Summariser = {
  centre: "interquartile mean",
  interval: "95 % bootstrap interval",
  summarise: (values) => {
    const scores = scoresOf([values]);
    const centre = interquartileMean(scores);
    if (values.length < 2) return { centre };
    const options = { random: Random.fromSeed(0), repetitions: REPETITIONS, confidence: CONFIDENCE };
    return { centre, ...stratifiedInterval(scores, interquartileMean, options) };
  },
};
