import type { Group } from "../runs/group.js";
import { groupCurve, type Summariser } from "../runs/summary.js";
import type { Chart, ChartSection } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { present } from "./frame.js";

const UPDATES = "updates (gradient steps)";

/** A figure of every group, a line each. */
function lines(groups: readonly Group[], phase: string, figure: string, how: Summariser): readonly Series[] {
  return groups.map((group, at) => ({
    label: group.label,
    colour: at,
    dash: at,
    points: groupCurve(group, phase, figure, how),
  }));
}

/** What the lines and bands are, said under the title. */
export function caption(groups: readonly Group[], { centre, interval }: Summariser): string {
  const most = Math.max(0, ...groups.map(({ runs }) => runs.length));
  return most > 1 ? `Line: ${centre} over seeds; band: ${interval}` : "One run a line";
}

/** True returns along training, where the simulator was asked to measure them. */
export function learningCurves(
  groups: readonly Group[],
  how: Summariser,
  behaviour: number | undefined,
): Chart | undefined {
  return curves({
    id: "learning-curves",
    title: "True return along training",
    subtitle: caption(groups, how),
    x: UPDATES,
    y: "return (reward units)",
    series: lines(groups, "train", "return", how),
    level: behaviour === undefined ? undefined : { label: `data: ${behaviour.toFixed(0)}`, value: behaviour },
  });
}

/** A figure of training and how it is named. */
export interface Figure {
  readonly id: string;
  readonly figure: string;
  readonly title: string;
  readonly y: string;
}

/** One figure of all groups over the updates. */
export function figureChart(
  groups: readonly Group[],
  how: Summariser,
  { id, figure, title, y }: Figure,
): Chart | undefined {
  const series = lines(groups, "train", figure, how);
  return curves({ id, title, subtitle: caption(groups, how), x: UPDATES, y, series });
}

/** Rewards of imagined transitions before and after the penalty, the penalty itself, and how rollouts end. */
export function rolloutCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const of = (id: string, figure: string, title: string, y: string) =>
    figureChart(groups, how, { id, figure, title, y });
  const charts = present(
    of("model-reward", "modelReward", "Model reward of imagined transitions", "mean reward per step"),
    of("penalty", "penalty", "Penalty u(s, a) of imagined transitions", "mean penalty (unit of the penalty)"),
    of("reshaped-reward", "reshapedReward", "Reward that training sees", "mean reward per step, penalty applied"),
    of("rollout-terminations", "rolloutTerminations", "Imagined episodes that end early", "share of transitions"),
  );
  const absent = "No run logged rollouts: its algorithm uses no model, or it ended before the first rollout.";
  return { id: "rollouts", title: "In the model", charts, notes: charts.length === 0 ? [absent] : [] };
}

/** Values of the critic: on data against in the model where both are logged, the mean and its target; the model's fit. */
export function learnerCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const subtitle = caption(groups, how);
  const sides = (figures: readonly (readonly [string, string])[]): readonly Series[] =>
    groups.flatMap((group, at) =>
      figures.map(([figure, name], dash) => ({
        label: groups.length === 1 ? name : `${group.label} · ${name}`,
        colour: groups.length === 1 ? dash : at,
        dash,
        points: groupCurve(group, "train", figure, how),
      })),
    );
  const of = (id: string, title: string, series: readonly Series[], y = "mean Q (discounted reward units)") =>
    curves({ id, title, subtitle, x: UPDATES, y, series });
  const charts = present(
    of("q-data-model", "Q on data against Q elsewhere", sides(ON_DATA)),
    of("q-gap", "Q on data less Q elsewhere", lines(groups, "train", "qGap", how), "difference of mean Q"),
    of(
      "q-separation",
      "How well Q tells data from model",
      lines(groups, "train", "qSeparation", how),
      "share of pairs (0.5: not at all)",
    ),
    of(
      "q-target",
      "Q and its target",
      sides([
        ["qMean", "Q"],
        ["targetMean", "target"],
      ]),
    ),
    modelFit(groups, how),
  );
  const absent = "No run logged values of a critic or the fit of a model.";
  return { id: "learner", title: "Critic and dynamics model", charts, notes: charts.length === 0 ? [absent] : [] };
}

const ON_DATA = [
  ["dataQ", "on data"],
  ["modelQ", "in the model"],
  ["policyQ", "at the policy's actions"],
] as const;

/** Error of the dynamics model on held-out data over its epochs. */
function modelFit(groups: readonly Group[], how: Summariser): Chart | undefined {
  const series = lines(groups, "dynamics", "holdoutError", how);
  return curves({
    id: "model-fit",
    title: "Model error on held-out data",
    subtitle: caption(groups, how),
    x: "updates of the model (gradient steps)",
    y: "mean squared error",
    series,
    logarithmic: series.every(({ points }) => points.every(({ centre, low = centre }) => low > 0)) ? "y" : "none",
  });
}
