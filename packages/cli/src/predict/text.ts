import { textTable } from "../options/table.js";
import type { PredictedModel, PredictionReport } from "./prediction-file.js";

const SHOWN = [1, 10, 50, 100, 200, 300] as const;

const FROM: Readonly<Record<PredictionReport["episodesFrom"], string>> = {
  "held out": "of those that the run held out",
  data: "of the run's data",
  "another log": "of another log",
};

/** What `predict` prints: median errors at some steps, a line a model. */
export function predictionText({ dataset, environment, episodesFrom, episodes, models }: PredictionReport): string {
  const last = episodes.length;
  const steps = [...new Set([...SHOWN.filter((step) => step <= last), last])];
  const held = environment === null ? "what was logged" : `the simulator ${environment}`;
  const cells = ({ errors }: PredictedModel) =>
    steps.map((step) => errors[step - 1]?.median?.toPrecision(3) ?? "not finite");
  const lines = models.map((model) => [labelOf(model, models), ...cells(model)]);
  const going = ["episodes that go on", ...steps.map((step) => String(episodes[step - 1]))];
  return [
    `${episodes[0]} episodes ${FROM[episodesFrom]} (${dataset}), open loop, against ${held}\n`,
    textTable(["error at step", ...steps.map(String)], [...lines, going]),
    "error: root mean square over dimensions, each over its deviation in the data; median over episodes\n",
  ].join("");
}

/** Two models of one name are told apart by their runs. */
function labelOf({ name, way, run }: PredictedModel, models: PredictionReport["models"]): string {
  const twins = models.filter((each) => each.name === name && each.way === way);
  return twins.length > 1 && run !== null ? `${name}, ${way} (${run})` : `${name}, ${way}`;
}
