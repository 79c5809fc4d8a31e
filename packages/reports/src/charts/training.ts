import type { Group } from "../runs/group.js";
import { groupCurve, type Summariser } from "../runs/summary.js";
import type { Chart, ChartSection } from "./chart.js";
import { curves, type Series } from "./curves.js";

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
export function learningCurves(groups: readonly Group[], how: Summariser, behaviour: number | undefined): ChartSection {
  const chart = curves({
    id: "learning-curves",
    title: "True return along training",
    subtitle: caption(groups, how),
    x: UPDATES,
    y: "return (undiscounted, reward units)",
    series: lines(groups, "train", "return", how),
    level: behaviour === undefined ? undefined : { label: `data: ${behaviour.toFixed(0)}`, value: behaviour },
  });
  return {
    id: "learning",
    title: "Learning curves",
    charts: present(chart),
    absent:
      "No run measured true returns during training: that is the default, as training must not look at the simulator. " +
      "evaluation.every asks for them.",
  };
}

/** Rewards of imagined transitions before and after the penalty, the penalty itself, and how rollouts end. */
export function rolloutCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const of = (id: string, figure: string, title: string, y: string) =>
    curves({ id, title, subtitle: caption(groups, how), x: UPDATES, y, series: lines(groups, "train", figure, how) });
  return {
    id: "rollouts",
    title: "Rollouts in the model",
    charts: present(
      of("penalty", "penalty", "Penalty u(s, a) of imagined transitions", "mean penalty (the penalty's own unit)"),
      of("model-reward", "modelReward", "Model reward of imagined transitions", "mean reward a step"),
      of("reshaped-reward", "reshapedReward", "Reward that training sees", "mean reward a step, penalty applied"),
      of(
        "rollout-terminations",
        "rolloutTerminations",
        "Rollouts that end early",
        "share of transitions that terminate",
      ),
    ),
    absent: "No run logged rollouts: its algorithm uses no model, or it ended before the first rollout.",
  };
}

/** Values of the critic: on data against in the model where both are logged, the mean and its target else. */
export function criticCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const sides = (figures: readonly (readonly [string, string])[]): readonly Series[] =>
    groups.flatMap((group, at) =>
      figures.map(([figure, name], dash) => ({
        label: `${group.label} · ${name}`,
        colour: at,
        dash,
        points: groupCurve(group, "train", figure, how),
      })),
    );
  const of = (id: string, title: string, series: readonly Series[], y = "mean Q (discounted reward units)") =>
    curves({ id, title, subtitle: caption(groups, how), x: UPDATES, y, series });
  return {
    id: "critic",
    title: "Values of the critic",
    charts: present(
      of(
        "q-data-model",
        "Q on data against Q on model",
        sides([
          ["dataQ", "on data"],
          ["modelQ", "in the model"],
          ["policyQ", "of the policy"],
        ]),
      ),
      of("q-gap", "Q on data less Q on model", lines(groups, "train", "qGap", how), "difference of mean Q"),
      of(
        "q-target",
        "Q and its target",
        sides([
          ["qMean", "Q"],
          ["targetMean", "target"],
        ]),
      ),
    ),
    absent: "No run logged values of a critic.",
  };
}

/** Error of the dynamics model on held-out data over its epochs. */
export function modelFit(groups: readonly Group[], how: Summariser): ChartSection {
  const series = groups.map((group, at) => ({
    label: group.label,
    colour: at,
    dash: at,
    points: groupCurve(group, "dynamics", "holdoutError", how),
  }));
  const chart = curves({
    id: "model-fit",
    title: "Model error on held-out data",
    subtitle: caption(groups, how),
    x: "updates of the model (gradient steps)",
    y: "mean squared error (normalised units)",
    series,
    logarithmic: series.every(({ points }) => points.every(({ centre, low = centre }) => low > 0)),
  });
  return {
    id: "model",
    title: "Fit of the dynamics model",
    charts: present(chart),
    absent: "No run fitted a model: its algorithm uses none, or a run beside it had fitted the same one before.",
  };
}

export const present = (...charts: readonly (Chart | undefined)[]): readonly Chart[] =>
  charts.filter((each) => each !== undefined);
