import { CapabilityError, type HostTensors, NumericalError, type Transitions } from "@lowerbound/core";
import { intervalCoverage, logVarianceSaturation, probabilityIntegral } from "../model-error/coverage.js";
import { errorNorms, predictionErrors } from "../model-error/errors.js";
import { LEAST_RESIDUALS, multimodality } from "../model-error/multimodality.js";
import { mean } from "../statistics/scores.js";
import { alongSteps, type SteppedRows } from "./along-steps.js";
import { type OpenLoop, openLoopErrors } from "./open-loop.js";
import type { FittedPenalty } from "./penalise.js";
import { type CalibrationOptions, calibratePenalty } from "./penalty-calibration.js";
import { type ElitePrediction, type FittedModel, penaltyOfRows, predictRows } from "./predict.js";
import { type MeasuredRows, measuredRows } from "./rows.js";
import type { ModelErrorReport, PenaltyCalibrationReport } from "./schema.js";

const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99] as const;

/** Targets of a model: next observation, then the reward, [rows, observation + 1]. */
function targetsOf({ count, observation, nextObservations, rewards }: MeasuredRows): Float32Array {
  const dims = observation + 1;
  const targets = new Float32Array(count * dims);
  for (let row = 0; row < count; row++) {
    targets.set(nextObservations.subarray(row * observation, (row + 1) * observation), row * dims);
    targets[row * dims + observation] = rewards[row]!;
  }
  return targets;
}

/** Changes of the observation, then the reward: what a model's error is small or large against. */
function changesOf(rows: MeasuredRows): Float32Array {
  const dims = rows.observation + 1;
  return targetsOf(rows).map((value, i) =>
    i % dims === rows.observation
      ? value
      : value - rows.observations[Math.floor(i / dims) * rows.observation + (i % dims)]!,
  );
}

const nameOf = (d: number, observation: number): string => (d === observation ? "reward" : `observation ${d}`);

export interface ModelErrorJob {
  readonly model: FittedModel;
  readonly transitions: Transitions;
  /** Rows of `transitions` to measure on. */
  readonly picks: Int32Array;
  readonly heldOut: "rows" | "dataset";
  /** Predictions from those rows on. */
  readonly openLoop: OpenLoop;
}

/** Errors, coverage, saturation and multimodality of a fitted model on given rows. @throws NumericalError if not finite */
export async function measureModelError(job: ModelErrorJob): Promise<ModelErrorReport> {
  const { model, transitions, picks, heldOut, openLoop } = job;
  const rows = measuredRows(transitions, picks);
  const prediction = await predictRows(model, rows);
  const [targets, { observation }] = [targetsOf(rows), rows];
  const { normalised, perDimension } = predictionErrors(prediction.average, targets, prediction.dims, changesOf(rows));
  if (!Number.isFinite(normalised)) {
    throw new NumericalError("the model's one-step predictions are not finite on these rows", {
      remedy: "fit the model anew, with a lower learning rate or without the rows that are far from all others",
    });
  }
  return {
    rows: rows.count,
    heldOut,
    oneStep: { normalised, perDimension: perDimension.map((each, d) => ({ name: nameOf(d, observation), ...each })) },
    kStep: [...openLoopErrors(openLoop, transitions)],
    coverage: [...intervalCoverage(probabilityIntegral(prediction, targets), LEVELS)],
    saturation: saturationOf(prediction, model.tensors),
    multimodality: modesOf(prediction, targets, observation),
  };
}

/** Bounds as a learnt part of the model, where its tensors have them under these names, [members, ..., dims] or [dims]. */
function saturationOf(prediction: ElitePrediction, { minLogVar, maxLogVar }: HostTensors) {
  if (minLogVar === undefined || maxLogVar === undefined) return null;
  const { dims, elites } = prediction;
  const own = ({ data }: HostTensors[string]): ArrayLike<number> => {
    if (data.length === dims) return data;
    return Array.from(elites).flatMap((member) => Array.from(data.subarray(member * dims, (member + 1) * dims)));
  };
  return logVarianceSaturation(prediction, { minimum: own(minLogVar), maximum: own(maxLogVar) });
}

/** Residuals of the first elite, each dimension on its own; none of too few rows to tell. */
function modesOf({ rows, dims, mean: means, logVar }: ElitePrediction, targets: Float32Array, observation: number) {
  if (rows < LEAST_RESIDUALS) return [];
  return Array.from({ length: dims }, (_, d) => {
    const residuals = Float64Array.from({ length: rows }, (__, row) => {
      const at = row * dims + d;
      return (targets[at]! - means[at]!) * Math.exp(-0.5 * logVar[at]!);
    });
    return { name: nameOf(d, observation), ...multimodality(residuals) };
  });
}

export interface PenaltyJob {
  readonly model: FittedModel;
  readonly type: string;
  readonly penalty: FittedPenalty;
  readonly rows: MeasuredRows;
  readonly on: "held-out" | "visits";
  /** Predictions from held-out rows on; left out, the penalty is not measured along them. */
  readonly openLoop?: OpenLoop | undefined;
  readonly options: CalibrationOptions;
}

/** Bins of steps at most, so that what is along a whole episode stays light. */
const ALONG = 50;

/**
 * A penalty against the true error on rows: the norm of the elites' mean prediction less what came, in the state's units;
 * the reward counts where the penalty looks at it. Along rollouts it is the error of the step on visits, and of all steps
 * since the model left the data on open-loop predictions.
 *
 * @throws CapabilityError for a penalty that cannot be asked outside a trainer, or where it or the error is not finite
 */
export async function measurePenalty(job: PenaltyJob): Promise<PenaltyCalibrationReport> {
  const { model, type, penalty, rows, on, openLoop, options } = job;
  const { average } = await predictRows(model, rows);
  const compared = await compare(job, { rows, average });
  if (!Number.isFinite(mean(compared.u))) throw new CapabilityError(`the penalty ${type} is not finite on these rows`);
  if (!Number.isFinite(mean(compared.error)))
    throw new CapabilityError("the model's error is not finite on these rows");
  const { reliability, ...figures } = calibratePenalty({ ...compared, group: rows.episode }, options);
  const rolled = openLoop === undefined || openLoop.rows.count === 0 ? undefined : await compare(job, openLoop);
  const along = on === "visits" ? compared : rolled;
  return {
    type,
    unit: penalty.penalty.unit ?? null,
    seesReward: seesRewardOf(penalty),
    on,
    ...figures,
    reliability: [...reliability],
    along: along === undefined ? [] : [...alongSteps(along, ALONG)],
  };
}

const seesRewardOf = ({ penalty }: FittedPenalty): boolean => penalty.seesReward ?? false;

/** u and the true error of predictions, row by row. */
async function compare({ model, penalty }: PenaltyJob, { rows, average }: OpenLoop): Promise<SteppedRows> {
  const u = await penaltyOfRows(model, penalty, rows);
  const dims = rows.observation + 1;
  const error = errorNorms(average, targetsOf(rows), { dims, look: seesRewardOf(penalty) ? dims : dims - 1 });
  return { u, error, step: rows.step };
}
