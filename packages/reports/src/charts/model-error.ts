import type { Calibrated } from "./calibration.js";
import type { Table } from "./chart.js";
import { percent } from "./percent.js";

const DATA: Readonly<Record<string, string>> = {
  rows: "rows that no member was trained on",
  dataset: "rows of another log",
};

/** The models' errors of one step, whole and by dimension. */
export function modelTables(found: readonly Calibrated[]): readonly Table[] {
  const measured = found.filter(({ calibration }) => calibration.model?.oneStep !== undefined);
  return measured.length === 0 ? [] : [wholeTable(measured), dimensionsTable(measured)];
}

const wholeTable = (measured: readonly Calibrated[]): Table => ({
  columns: [
    "model of run",
    "on",
    "rows",
    "error / spread of the changes",
    "log-variances at their lower bound, %",
    "at their upper bound, %",
  ],
  rows: measured.map(({ name, calibration: { model } }) => [
    name,
    DATA[model?.heldOut ?? ""] ?? "held-out rows",
    model?.rows,
    model?.oneStep?.normalised,
    percent(model?.saturation?.atMinimum),
    percent(model?.saturation?.atMaximum),
  ]),
});

const dimensionsTable = (measured: readonly Calibrated[]): Table => ({
  columns: [
    "model of run",
    "dimension",
    "error",
    "spread",
    "error / spread",
    "gain of two Gaussians, nats",
    "separation",
    "one Gaussian suffices",
  ],
  rows: measured.flatMap(({ name, calibration: { model } }) =>
    (model?.oneStep?.perDimension ?? []).map(({ name: dimension, rmse, spread }) => {
      const modes = model?.multimodality.find((each) => each.name === dimension);
      const suffices = modes === undefined ? undefined : modes.multimodal ? "no" : "yes";
      const share = spread === 0 ? undefined : rmse / spread;
      return [name, dimension, rmse, spread, share, modes?.gain, modes?.separation, suffices];
    }),
  ),
});
