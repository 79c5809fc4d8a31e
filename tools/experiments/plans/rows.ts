import { type DatasetName, datasets, fileOf } from "../datasets.js";

/** Steps of an episode that count. */
export const STEPS = 250;
const EPISODES = 3;

/** One row of the table of plans: an environment acted in by planning in a fitted model, by one command. */
export interface PlanRow {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly model: "transformer" | "ensemble";
  readonly planner: "beam-search" | "mcts" | "cem" | "mppi" | "gradient";
  /** Whether the plan takes the data's probabilities, or the model's uncertainty, into account. */
  readonly pessimistic: boolean;
}

const searches = ["beam-search", "mcts"] as const;
const optimisers = ["cem", "mppi", "gradient"] as const;

const row = (dataset: DatasetName, each: Omit<PlanRow, "name" | "dataset">): PlanRow => ({
  name: `${dataset}-${each.model}-${each.planner}-${each.pessimistic ? "pessimistic" : "none"}`,
  dataset,
  ...each,
});

/** In the order in which they are made. */
export const planRows: readonly PlanRow[] = datasets.flatMap((dataset) => [
  ...searches.flatMap((planner) =>
    [true, false].map((pessimistic) => row(dataset, { model: "transformer", planner, pessimistic })),
  ),
  ...optimisers.flatMap((planner) =>
    [true, false].map((pessimistic) => row(dataset, { model: "ensemble", planner, pessimistic })),
  ),
]);

/** A planner's options: the published beam is 128 wide, which would take a second and more a step here. */
const settings: Readonly<Record<PlanRow["planner"], readonly string[]>> = {
  "beam-search": ["beamWidth=32", "horizon=5"],
  mcts: ["simulations=64", "horizon=5"],
  cem: ["population=300", "horizon=15", "iterations=4"],
  mppi: ["population=300", "horizon=15", "iterations=4"],
  gradient: ["horizon=15"],
};

const modelRun = ({ dataset, model }: Pick<PlanRow, "dataset" | "model">): string =>
  model === "ensemble" ? `${dataset}-mopo-20k-0` : `${dataset}-transformer-10k-0`;

/** The run that a row plans in, and what makes it: arguments of `lowerbound`. */
export function fittingOf(row: PlanRow, data: string, runs: string): { directory: string; args: readonly string[] } {
  const { dataset, model } = row;
  const directory = `${runs}/${modelRun(row)}`;
  const config = model === "ensemble" ? `${dataset}-mopo` : "planning-transformer";
  const updates = model === "ensemble" ? ["--algorithm.updates", "20000"] : [];
  return {
    directory,
    args: [
      "train",
      ...["--config", `docs/results/configs/${config}.yaml`, "--dataset.path", `${data}/${fileOf(dataset)}`],
      ...updates,
      ...["--directory", directory],
    ],
  };
}

/** What acts for a row in a run: arguments of `lowerbound`. */
export function planningOf({ planner, model, pessimistic }: PlanRow, directory: string): string[] {
  const own = settings[planner].map((setting) => `planner.${setting}`);
  const off = model === "ensemble" ? "model.penaltyCoefficient=0" : "planner.pessimism=none";
  const set = [...own, ...(pessimistic ? [] : [off])].flatMap((setting) => ["--set", setting]);
  const acting = ["--steps", `${STEPS}`, "--episodes", `${EPISODES}`];
  return ["plan", directory, "--planner", planner, ...set, ...acting];
}

/** What measures behaviour cloning over as many steps: arguments of `lowerbound`. */
export const cloningOf = (dataset: DatasetName, directory: string): string[] => [
  "evaluate",
  directory,
  ...["--environment", dataset.slice(0, dataset.indexOf("-"))],
  ...["--episodes", `${EPISODES}`, `--evaluation.environment.timeLimit=${STEPS}`],
];
