import { traceOf } from "./figures.js";
import type { Group } from "./group.js";

/** One figure for several seeds: the centre and, where there are two seeds or more, an interval. */
export interface Summary {
  readonly centre: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** How seeds are put together, and what to call it in titles and notes. */
export interface Summariser {
  /** Such as "interquartile mean". */
  readonly centre: string;
  /** Such as "95 % bootstrap interval". */
  readonly interval: string;
  summarise(values: readonly number[]): Summary;
}

/** Scores of one configuration: [tasks][runs]. */
export type TaskScores = readonly (readonly number[])[];

/** How configurations are compared over several tasks, with the summariser's centre and interval. */
export interface TaskComparison {
  /** The runs of all tasks together. */
  overTasks(scores: TaskScores): Summary;
  /** Share of all runs above each level. */
  profile(scores: TaskScores, levels: readonly number[]): readonly Summary[];
  /** How probably a run of one is better than one of the other on the same task; a tie counts half. */
  improvement(scores: TaskScores, on: TaskScores): Summary;
}

export interface CurvePoint extends Summary {
  readonly step: number;
  readonly runs: number;
}

/** Points of a curve at most: more are not seen, and each of several seeds costs a bootstrap. */
const MOST = 400;

/**
 * A figure of a group over the steps that all of its runs with that figure have reached, the first and the last included; at
 * most 400 of them, evenly spaced.
 */
export function groupCurve(
  { runs }: Group,
  phase: string,
  figure: string,
  { summarise }: Summariser,
): readonly CurvePoint[] {
  const traces = runs.map(({ rows }) => traceOf(rows, phase, figure)).filter(({ steps }) => steps.length > 0);
  const [first, ...others] = traces.map(({ steps, values }) => new Map(steps.map((step, at) => [step, values[at]!])));
  if (first === undefined) return [];
  const shared = [...first.keys()].filter((step) => others.every((each) => each.has(step)));
  return evenly(shared, MOST).map((step) => {
    const values = [first, ...others].map((each) => each.get(step)!);
    return { step, runs: values.length, ...summarise(values) };
  });
}

function evenly(steps: readonly number[], most: number): readonly number[] {
  if (steps.length <= most) return steps;
  return Array.from({ length: most }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (most - 1))]!);
}
