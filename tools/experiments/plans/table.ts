import { tableWithCommands, writeBetween } from "../page.js";
import { type Baseline, baselines, type FinishedPlan, finishedPlans } from "./finished.js";

/** Write the table of all finished plans into the results page, between its markers. */
export async function writePlans(): Promise<void> {
  const [plans, known] = [await finishedPlans.readAll(), await baselines.readAll()];
  const head = [
    "dataset",
    "model",
    "planner",
    "probabilities by",
    "expected",
    "realised",
    "cloning",
    "data",
    "decision",
  ];
  const rows = plans.map((plan) =>
    cellsOf(
      plan,
      known.find(({ dataset }) => dataset === plan.dataset),
    ),
  );
  const commands = [...new Set(plans.flatMap((plan) => plan.commands))];
  await writeBetween("docs/results.md", "plans", tableWithCommands(head, rows, commands));
}

function cellsOf(plan: FinishedPlan, baseline: Baseline | undefined): string[] {
  const { returns, expected, milliseconds } = plan;
  const mean = returns.reduce((sum, each) => sum + each, 0) / returns.length;
  return [
    plan.dataset,
    plan.model,
    plan.planner,
    plan.pessimism,
    expected?.toFixed(0) ?? "",
    `${mean.toFixed(0)} (${returns.map((each) => each.toFixed(0)).join(", ")})`,
    baseline?.cloning.toFixed(0) ?? "",
    baseline?.data.toFixed(0) ?? "",
    `${milliseconds.toFixed(0)} ms`,
  ];
}
