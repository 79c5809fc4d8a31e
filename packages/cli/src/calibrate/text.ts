import type { CalibrationReport } from "@lowerbound/evaluation";
import { textTable } from "../options/table.js";

const figure = (value: number | null): string => (value === null ? "-" : value.toPrecision(4));
const percent = (share: number | null): string => (share === null ? "-" : `${(100 * share).toFixed(1)} %`);

/** The tables of `calibrate`. */
export function calibrationText({ model, penalties, refused }: CalibrationReport): string {
  return [
    modelText(model),
    penaltyText(penalties),
    ...refused.map(({ type, on, reason }) => `${type} on ${on}: refused: ${reason}\n`),
  ].join("\n");
}

function modelText({ rows, heldOut, oneStep, kStep, coverage, saturation, multimodality }: CalibrationReport["model"]) {
  const what = heldOut === "rows" ? "rows that no member was trained on" : "rows of another log";
  const modes = new Map(multimodality.map((each) => [each.name, each]));
  const dimensions = oneStep.perDimension.map(({ name, rmse, spread }) => {
    const mode = modes.get(name);
    const verdict = mode === undefined ? "-" : mode.multimodal ? "no" : "yes";
    return [name, figure(rmse), figure(spread), figure(mode?.gain ?? null), figure(mode?.separation ?? null), verdict];
  });
  const header = ["dimension", "error", "spread", "gain of two Gaussians", "separation", "one Gaussian suffices"];
  return [
    `model on ${rows} ${what}: error ${figure(oneStep.normalised)} of the spread of the changes\n`,
    textTable(header, dimensions),
    textTable(
      ["steps open loop", "rows", "error of the spread of states"],
      kStep.map(({ step, rows: left, normalised }) => [String(step), String(left), figure(normalised)]),
    ),
    textTable(
      ["interval", "held the truth"],
      coverage.map(({ level, covered }) => [percent(level), percent(covered)]),
    ),
    saturation === null
      ? ""
      : `log-variances at their lower bound: ${percent(saturation.atMinimum)}, at their upper: ${percent(saturation.atMaximum)}\n`,
  ].join("\n");
}

function penaltyText(penalties: CalibrationReport["penalties"]): string {
  if (penalties.length === 0) return "";
  const header = [
    "penalty",
    "on",
    "rows",
    "mean u",
    "mean error",
    "u >= error",
    "at equal mean",
    "rank correlation",
    "conformal scale",
    "then covers",
  ];
  const rows = penalties.map((each) => [
    each.type,
    each.on,
    String(each.rows),
    figure(each.meanPenalty),
    figure(each.meanError),
    percent(each.coverage),
    percent(each.coverageAtEqualMean),
    figure(each.rankCorrelation),
    `${figure(each.conformal.scale)} for ${percent(each.conformal.level)}`,
    percent(each.conformal.covered),
  ]);
  return textTable(header, rows);
}
