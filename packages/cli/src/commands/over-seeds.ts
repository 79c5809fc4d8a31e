import { Random } from "@lowerbound/core";
import {
  interquartileMean,
  pairedInterval,
  performanceProfile,
  probabilityOfImprovement,
  type Scores,
  type Statistic,
  scoresOf,
  stratifiedBand,
  stratifiedInterval,
} from "@lowerbound/evaluation";
import type { Summariser, Summary, TaskComparison, TaskScores } from "@lowerbound/reports";

/** A stream of its own for each figure, so that the same files give the same report. */
const bootstrap = () => ({ random: Random.fromSeed(0), repetitions: 2000, confidence: 0.95 });

/** The statistic with its stratified bootstrap interval, where a task has two runs or more. */
function summaryOf(tasks: TaskScores, statistic: Statistic): Summary {
  const scores = scoresOf(tasks);
  const centre = statistic(scores);
  return scores.runs < 2 ? { centre } : { centre, ...stratifiedInterval(scores, statistic, bootstrap()) };
}

/** How a report puts seeds together. */
export const overSeeds: Summariser = {
  centre: "interquartile mean",
  interval: "95 % bootstrap interval",
  summarise: (values) => summaryOf([values], interquartileMean),
};

/** How a report compares configurations over tasks. */
export const overTasks: TaskComparison = {
  overTasks: (tasks) => summaryOf(tasks, interquartileMean),
  profile: (tasks, levels) => {
    const scores = scoresOf(tasks);
    const profile = (of: Scores) => performanceProfile(of, levels);
    const band = scores.runs < 2 ? [] : stratifiedBand(scores, profile, bootstrap());
    return Array.from(profile(scores), (centre, level) => ({ centre, ...band[level] }));
  },
  improvement: (tasks, on) => {
    const [x, y] = [scoresOf(tasks), scoresOf(on)];
    const centre = probabilityOfImprovement(x, y);
    if (x.runs < 2 || y.runs < 2) return { centre };
    return { centre, ...pairedInterval(x, y, probabilityOfImprovement, bootstrap()) };
  },
};
