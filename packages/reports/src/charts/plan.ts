import type { RunRecord } from "../runs/read-run.js";
import type { CurvePoint } from "../runs/summary.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { present } from "./frame.js";
import { beamChart, type Planned, roundsChart, treeChart } from "./plan-candidates.js";

/** How a planner acted: what it expected beside what came, how long it thought, what it chose from; undefined without any. */
export function planCharts(runs: readonly RunRecord[]): ChartSection | undefined {
  const found = plannedOf(runs);
  if (found.length === 0) return undefined;
  return {
    id: "plan",
    title: "Planning",
    charts: present(
      rewards(found),
      promises(found),
      times(found),
      beamChart(found),
      treeChart(found),
      roundsChart(found),
    ),
    notes: [],
    tables: [returnsTable(found)],
  };
}

function plannedOf(runs: readonly RunRecord[]): readonly Planned[] {
  const planned = runs.flatMap(({ name, plan }) => (plan === undefined ? [] : [{ name, plan }]));
  const alone = planned.length === 1;
  return planned.map(({ name, plan }) => {
    const what = `${plan.planner.type} in ${plan.model.type}`;
    return { name: alone ? what : `${name} (${what})`, prefix: alone ? "" : `${name}: `, plan };
  });
}

/** A colour a run; of a single run, one a line. */
const colourOf = (prefix: string, index: number, dash: number): number => (prefix === "" ? dash : index);

const at = (step: number, centre: number): CurvePoint => ({ step, centre, runs: 1 });

/** The first episode's rewards, added up. */
function rewards(found: readonly Planned[]): Chart | undefined {
  const series = found.flatMap(({ prefix, plan }, index): readonly Series[] => {
    const steps = plan.episodes[0]?.steps ?? [];
    const told = steps.every(({ predicted }) => predicted !== null);
    const line = (label: string, dash: number, values: readonly number[]): Series => ({
      label: `${prefix}${label}`,
      colour: colourOf(prefix, index, dash),
      dash,
      points: running(values).map((value, step) => at(step + 1, value)),
    });
    return [
      line(
        "realised",
        0,
        steps.map(({ realised }) => realised),
      ),
      ...(told
        ? [
            line(
              "expected",
              1,
              steps.map(({ predicted }) => predicted ?? 0),
            ),
          ]
        : []),
    ];
  });
  return curves({
    id: "plan-rewards",
    title: "Return along an episode of planning, expected and realised",
    subtitle: "Expected: each step's reward as the model told it when the step was decided, added up; first episode",
    x: "steps of the environment",
    y: "return so far (reward units)",
    series,
  });
}

function running(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Kept plans: the reward that the model promised over the plan, and what came in those steps. */
function promises(found: readonly Planned[]): Chart | undefined {
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const series = found.flatMap(({ prefix, plan }, index): readonly Series[] => {
    // A plan cut by the end of the episode has less to be compared with; one whose promise is no number, nothing.
    const plans = (plan.episodes[0]?.plans ?? []).filter(
      ({ predicted, realised }) => predicted.length === realised.length && !predicted.includes(null),
    );
    const line = (label: string, dash: number, value: (each: (typeof plans)[number]) => number): Series => ({
      label: `${prefix}${label}`,
      colour: colourOf(prefix, index, dash),
      dash,
      points: plans.map((each) => at(each.step, value(each))),
    });
    return [
      line("realised", 0, ({ realised }) => sum(realised)),
      line("promised", 1, ({ predicted }) => sum(predicted)),
    ];
  });
  return curves({
    id: "plan-promises",
    title: "What plans promised, and what came",
    subtitle:
      "Rewards over the steps that a plan looks ahead, nothing taken off; the planner may have planned anew on the way",
    x: "step at which the plan was made",
    y: "reward over the plan's steps",
    series,
  });
}

function times(found: readonly Planned[]): Chart | undefined {
  const series = found.map(({ name, plan }, index): Series => {
    const steps = plan.episodes[0]?.steps ?? [];
    const points = steps.flatMap(({ milliseconds }, step) =>
      milliseconds === undefined ? [] : [at(step, milliseconds)],
    );
    return { label: name, colour: index, dash: index, points };
  });
  return curves({
    id: "plan-times",
    title: "Time of a decision",
    subtitle:
      "Wall clock of each plan of the first episode, and of those made together with it; the first ones also compile the " +
      "model's programs",
    x: "steps of the environment",
    y: "milliseconds",
    logarithmic: series.every(({ points }) => points.every(({ centre }) => centre > 0)) ? "y" : "none",
    series,
  });
}

function returnsTable(found: readonly Planned[]): Table {
  return {
    columns: [
      "planner",
      "environment",
      "probabilities by",
      "episode",
      "steps",
      "end",
      "expected return",
      "realised return",
      "median decision, ms",
      "p95, ms",
      "planned together",
      "median share, ms",
    ],
    rows: found.flatMap(({ name, plan }) =>
      plan.episodes.map(({ episode, steps, terminated }) => {
        const told = steps.every(({ predicted }) => predicted !== null);
        return [
          name,
          plan.environment,
          plan.pessimism,
          episode,
          steps.length,
          terminated ? "terminated" : "time limit or cut",
          told ? steps.reduce((sum, { predicted }) => sum + (predicted ?? 0), 0) : undefined,
          steps.reduce((sum, { realised }) => sum + realised, 0),
          plan.decision.median,
          plan.decision.p95,
          plan.parallel,
          plan.decision.each?.median ?? plan.decision.median,
        ];
      }),
    ),
  };
}
