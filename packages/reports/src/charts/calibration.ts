import type { Calibration } from "../runs/calibration.js";
import type { RunRecord } from "../runs/read-run.js";
import type { CurvePoint } from "../runs/summary.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { present } from "./frame.js";
import { modelTables } from "./model-error.js";
import { percent } from "./percent.js";

export interface Calibrated {
  readonly name: string;
  readonly calibration: Calibration;
}

export const calibratedOf = (runs: readonly RunRecord[]): readonly Calibrated[] =>
  runs.flatMap(({ name, calibration }) => (calibration === undefined ? [] : [{ name, calibration }]));

/** How far predicted uncertainty agrees with the true error, for the model and for each penalty. */
export function calibrationCharts(runs: readonly RunRecord[]): ChartSection {
  const found = calibratedOf(runs);
  const refused = found.flatMap(({ calibration }) => calibration.refused);
  const absent = "No run has a calibration.json.";
  return {
    id: "calibration",
    title: "Calibration",
    charts: present(reliability(found), intervals(found), kStep(found)),
    notes: [...(found.length === 0 ? [absent] : []), ...refused.map(refusal)],
    tables: found.length === 0 ? [] : [penaltyTable(found), ...modelTables(found)],
  };
}

const refusal = ({ type, on, reason }: Calibration["refused"][number]): string =>
  `Not measured: ${type}${on === "" ? "" : ` on ${on}`}: ${reason}`;

const named = (found: readonly Calibrated[], name: string, label: string): string =>
  found.length === 1 ? label : `${name} · ${label}`;

const at = (step: number, centre: number, runs = 1): CurvePoint => ({ step, centre, runs });

function reliability(found: readonly Calibrated[]): Chart | undefined {
  const lines = found.flatMap(({ name, calibration }) =>
    calibration.penalties.map(({ type, on, reliability: bins }) => ({
      label: named(found, name, `${type}, ${on}`),
      points: bins.map(({ meanPenalty, meanError }) => at(meanPenalty, meanError)),
    })),
  );
  const positive = lines.every(({ points }) => points.every(({ step, centre }) => step > 0 && centre > 0));
  return curves({
    id: "reliability",
    title: "Reliability of the penalty",
    subtitle: "Dot: equally many rows of like penalty; below the diagonal the penalty covers the error on average",
    x: "mean penalty u in a bin",
    y: "mean true error in a bin (unit of u)",
    xFormat: "~g",
    diagonal: "u = error",
    logarithmic: positive ? "both" : "none",
    series: coloured(lines),
  });
}

function intervals(found: readonly Calibrated[]): Chart | undefined {
  const lines = found.map(({ name, calibration }) => ({
    label: named(found, name, "ensemble"),
    points: (calibration.model?.coverage ?? []).map(({ level, covered }) => at(level, covered)),
  }));
  return curves({
    id: "interval-coverage",
    title: "Coverage of the model's predictive intervals",
    subtitle: "Below the diagonal the model is too sure of itself, above it not sure enough",
    x: "nominal share inside the interval",
    y: "share of held-out values inside",
    xFormat: ".0%",
    yFormat: ".0%",
    diagonal: "calibrated",
    series: coloured(lines),
  });
}

function kStep(found: readonly Calibrated[]): Chart | undefined {
  const lines = found.map(({ name, calibration }) => ({
    label: named(found, name, "ensemble"),
    points: (calibration.model?.kStep ?? []).map(({ step, normalised }) => at(step, normalised)),
  }));
  return curves({
    id: "k-step-error",
    title: "Model error along open-loop predictions",
    subtitle: "Logged actions; 1: as far off as the spread of the states",
    x: "steps ahead",
    y: "error / spread of the states",
    series: coloured(lines),
  });
}

const coloured = (lines: readonly Pick<Series, "label" | "points">[]): readonly Series[] =>
  lines.map((each, index) => ({ ...each, colour: index, dash: index }));

function penaltyTable(found: readonly Calibrated[]): Table {
  return {
    columns: [
      "penalty",
      "on",
      "rows",
      "mean u",
      "mean error",
      "u ≥ error, %",
      "at equal mean, %",
      "rank correlation",
      "conformal level, %",
      "conformal scale",
      "covered, %",
    ],
    rows: found.flatMap(({ name, calibration }) =>
      calibration.penalties.map((each) => [
        named(found, name, each.type),
        each.on,
        each.rows,
        each.meanPenalty,
        each.meanError,
        percent(each.coverage),
        percent(each.coverageAtEqualMean),
        each.rankCorrelation ?? undefined,
        percent(each.conformal?.level),
        each.conformal?.scale ?? undefined,
        percent(each.conformal?.covered),
      ]),
    ),
  };
}
