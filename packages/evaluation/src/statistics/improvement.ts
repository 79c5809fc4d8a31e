import { DataError } from "@lowerbound/core";
import { mean, type Scores, taskScores } from "./scores.js";

/**
 * Mean over tasks of P(x > y) + P(x = y) / 2 for a run of `x` and one of `y`, all pairs counted.
 *
 * Source: Agarwal et al. 2021, section 4.3.
 * @throws DataError if the two were not measured on equally many tasks
 */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  if (x.tasks !== y.tasks) {
    throw new DataError(`${x.tasks} and ${y.tasks} tasks cannot be compared`, { expected: "the same tasks" });
  }
  return mean(Float64Array.from({ length: x.tasks }, (_, task) => wins(taskScores(x, task), taskScores(y, task))));
}

function wins(x: Float64Array, y: Float64Array): number {
  let won = 0;
  for (const a of x) for (const b of y) won += a > b ? 1 : a === b ? 0.5 : 0;
  return won / (x.length * y.length);
}
