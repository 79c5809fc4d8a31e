import { DataError } from "@lowerbound/core";

/** Scores of one method: values [runs, tasks], row-major; runs are seeds, tasks datasets or environments. */
export interface Scores {
  readonly runs: number;
  readonly tasks: number;
  readonly values: Float64Array;
}

/** Scores from one list of runs a task. @throws DataError if a task has another number of runs, or a score is not finite */
export function scoresOf(tasks: readonly (readonly number[])[]): Scores {
  const runs = tasks[0]?.length ?? 0;
  const odd = tasks.findIndex((each) => each.length !== runs);
  if (odd >= 0 || runs === 0) {
    throw new DataError(`task ${Math.max(odd, 0)} has ${tasks[odd]?.length ?? 0} runs`, {
      where: "scores",
      expected: runs === 0 ? "at least one task with at least one run" : `${runs}, as the first task has`,
    });
  }
  const values = new Float64Array(runs * tasks.length);
  for (const [task, column] of tasks.entries()) {
    for (const [run, score] of column.entries()) values[run * tasks.length + task] = finite(score, run, task);
  }
  return { runs, tasks: tasks.length, values };
}

function finite(score: number, run: number, task: number): number {
  if (Number.isFinite(score)) return score;
  throw new DataError(`a score is ${score}`, { where: `scores[${task}][${run}]`, expected: "finite numbers" });
}

/** The runs of one task, [runs]. */
export function taskScores({ runs, tasks, values }: Scores, task: number): Float64Array {
  return Float64Array.from({ length: runs }, (_, run) => values[run * tasks + task]!);
}

/** Mean over runs of each task, [tasks]. */
export function taskMeans(scores: Scores): Float64Array {
  return Float64Array.from({ length: scores.tasks }, (_, task) => mean(taskScores(scores, task)));
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
