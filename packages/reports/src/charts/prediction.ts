import { NumericalError } from "@lowerbound/core";
import { renderSvg } from "../render/svg.js";
import type { Prediction } from "../runs/prediction.js";
import type { RunRecord } from "../runs/read-run.js";
import type { CurvePoint } from "../runs/summary.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { present } from "./frame.js";

/** Errors of open-loop predictions by step, a chart a run; undefined where no run has any. */
export function predictionCharts(runs: readonly RunRecord[]): ChartSection | undefined {
  const found = runs.flatMap(({ name, prediction }) => (prediction === undefined ? [] : [{ name, prediction }]));
  if (found.length === 0) return undefined;
  const alone = found.length === 1;
  return {
    id: "prediction",
    title: "Open-loop prediction",
    charts: present(
      ...found.map(({ name, prediction }, at) =>
        predictionChart(prediction, alone ? "prediction" : `prediction-${at + 1}`, alone ? "" : `${name}: `),
      ),
    ),
    notes: [],
    tables: found.map(({ name, prediction }) => tableOf(name, prediction)),
  };
}

/** The figure of one prediction as SVG. @throws NumericalError for one without a finite error */
export async function predictionFigure(prediction: Prediction): Promise<string> {
  const chart = predictionChart(prediction, "prediction", "");
  if (chart !== undefined) return renderSvg(chart);
  throw new NumericalError("no error of the prediction can be drawn", {
    where: "prediction",
    expected: `a median error of at most ${BEYOND} deviations at the first step`,
    remedy: "check the fitted model's losses",
  });
}

/** Deviations of the data beyond which a prediction has nothing to do with what comes, and is not drawn. */
const BEYOND = 100;
/** Points of a line at most, so that a figure of hundreds of steps stays light. */
const POINTS = 100;

function predictionChart(prediction: Prediction, id: string, prefix: string): Chart | undefined {
  const { environment, dataset } = prediction;
  // Rounding is many orders of magnitude below any model's error: the table tells it.
  const models = prediction.models.filter(({ way }) => way !== "as logged");
  const names = [...new Set(models.map(({ name }) => name))];
  const ways = [...new Set(models.map(({ way }) => way))];
  const series = labelled(models).map(
    ({ label, name, way, errors }): Series => ({
      label,
      colour: names.indexOf(name),
      dash: ways.indexOf(way),
      points: thinned(pointsOf(errors)),
    }),
  );
  const held = environment === null ? "what was logged" : `the simulator ${environment}`;
  const positive = series.every(({ points }) => points.every(({ centre, low = centre }) => centre > 0 && low > 0));
  const how = "line and band: median and quartiles over episodes as long as they go on";
  return curves({
    id,
    title: `${prefix}Error of open-loop predictions by step`,
    subtitle: `Against ${held}, on ${dataset}; ${how}; a line ends at ${BEYOND} deviations`,
    x: "steps since the model last saw an observation",
    y: "error (deviations of the data)",
    logarithmic: positive ? "y" : "none",
    yFormat: "~g",
    series,
  });
}

type Model = Prediction["models"][number];

/** Two models of one name are told apart by their runs. */
function labelled(models: readonly Model[]): readonly (Model & { readonly label: string })[] {
  return models.map((model) => {
    const label = `${model.name}, ${model.way}`;
    const twin = models.some((each) => each !== model && each.name === model.name && each.way === model.way);
    return { ...model, label: twin && model.run !== null ? `${label} (${model.run})` : label };
  });
}

function pointsOf(errors: Model["errors"]): readonly CurvePoint[] {
  const gone = errors.findIndex(({ median }) => median === null || median > BEYOND);
  return errors.slice(0, gone < 0 ? errors.length : gone).flatMap(({ low, median, high }, at) => {
    if (median === null) return [];
    const band = low === null ? {} : { low, high: Math.min(high ?? BEYOND, BEYOND) };
    return [{ step: at + 1, centre: median, runs: 1, ...band }];
  });
}

/** Evenly spaced points, the first and the last among them. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (points.length <= POINTS) return points;
  return Array.from({ length: POINTS }, (_, i) => points[Math.round((i * (points.length - 1)) / (POINTS - 1))]!);
}

const SHOWN = [1, 10, 50, 100, 200, 300];

function tableOf(name: string, { models, episodes }: Prediction): Table {
  const last = episodes.length;
  const steps = [...new Set([...SHOWN.filter((step) => step <= last), last])];
  return {
    columns: ["run", "model", ...steps.map((step) => `error at step ${step}`)],
    rows: [
      ...labelled(models).map(({ label, errors }) => [
        name,
        label,
        ...steps.map((step) => errors[step - 1]?.median ?? undefined),
      ]),
      [name, "episodes that go on", ...steps.map((step) => episodes[step - 1])],
    ],
  };
}
