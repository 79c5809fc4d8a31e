import { textTable } from "../options/table.js";
import type { PlannedEpisode, PlanReport } from "./plan-file.js";

/** What `plan` prints: returns as expected and as they came, and how long decisions took. */
export function planText({ environment, planner, model, pessimism, parallel, decision, episodes }: PlanReport): string {
  const rows = episodes.map((each) => [
    String(each.episode),
    String(each.steps.length),
    predictedReturn(each)?.toFixed(1) ?? "-",
    each.steps.reduce((sum, { realised }) => sum + realised, 0).toFixed(1),
    each.terminated ? "terminated" : each.truncated ? "time limit" : "cut",
  ]);
  return [
    `${planner.type} in ${model.type}, probabilities by ${pessimism}, acts in ${environment}\n`,
    textTable(["episode", "steps", "predicted return", "realised return", "end"], rows),
    "predicted: the rewards that the model expected of each step when its plan was made, summed\n",
    `decision: median ${decision.median.toFixed(1)} ms, p95 ${decision.p95.toFixed(1)} ms, of ${decision.count}\n`,
    parallel === 1
      ? ""
      : `up to ${parallel} decided together in that time: median ${decision.each.median.toFixed(1)} ms a decision\n`,
  ].join("");
}

/** Sum of the rewards expected of each step; undefined where one was not told. */
function predictedReturn({ steps }: PlannedEpisode): number | undefined {
  return steps.reduce<number | undefined>(
    (sum, { predicted }) => (sum === undefined || predicted === null ? undefined : sum + predicted),
    0,
  );
}
