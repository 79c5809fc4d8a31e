import {
  CapabilityError,
  createUntypedPipeline,
  Dataset,
  DynamicsModel,
  Engine,
  FileError,
  type HostTensors,
  Random,
  type Transitions,
} from "@lowerbound/core";
import {
  type CalibrationReport,
  calibrationSchema,
  type FittedModel,
  type MeasuredRows,
  measuredRows,
  measureModelError,
  measurePenalty,
  type OpenLoop,
  openLoop,
  type PenaltyCalibrationReport,
  type PenaltyLearner,
  someRows,
} from "@lowerbound/evaluation";
import { readFitted } from "@lowerbound/runs";
import { withLog } from "../another-log.js";
import { loadComponents } from "../components.js";
import { checkOtherLog, refuseChangedLog } from "../independent-log.js";
import { learnerOfRun } from "../ope/learner-of-run.js";
import { readRun } from "../run-command.js";
import { type NamedPenalty, penaltiesOf } from "./penalties.js";
import { visitsOf } from "./visits.js";

export interface CalibrateOptions {
  /** A log to measure on; the fit's own held-out rows where left out. */
  readonly data?: string;
  /** Types of penalties beside the run's. */
  readonly penalties: readonly string[];
  /** Plug-ins beside the run's. */
  readonly plugins: readonly string[];
  readonly rows: number;
  readonly steps: number;
  readonly level: number;
  /** Episodes in the simulator; 0: none. */
  readonly visits: number;
  readonly seed: number;
}

const BINS = 10;

/**
 * Measure a finished run's model and penalties.
 *
 * @throws FileError without a fitted model; CapabilityError; DataError for the run's own log in place of another
 */
export async function calibrateRun(directory: string, options: CalibrateOptions): Promise<CalibrationReport> {
  const saved = await readRun(directory);
  const components = await loadComponents([...saved.plugins, ...options.plugins]);
  if (options.data !== undefined) await checkOtherLog(saved, components, options.data);
  const pipeline = createUntypedPipeline(components, withLog(saved, options.data));
  try {
    if (options.data === undefined) await refuseChangedLog({ directory, pipeline });
    const model: FittedModel = {
      engine: pipeline.get(Engine),
      dynamics: pipeline.get(DynamicsModel),
      tensors: await fittedTensors(directory),
      random: Random.fromSeed(options.seed).stream("calibration"),
    };
    // Of the run's own log, the rows that its fit saw, so that "held out" names the same ones as it did then.
    const dataset = options.data === undefined ? await pipeline.fittingDataset() : pipeline.get(Dataset);
    const transitions = await dataset.transitions();
    const seed = pipeline.config.seed;
    const picks = picksOf(model, transitions, options, Random.fromSeed(seed).stream(DynamicsModel.name));
    const penalties = await penaltiesOf(directory, saved, options, components);
    const learner = await learnerOfRun({ directory, pipeline }, transitions);
    const places: [PenaltyCalibrationReport["on"], MeasuredRows][] = [["held-out", measuredRows(transitions, picks)]];
    if (options.visits > 0) places.push(["visits", await visitsOf(directory, pipeline, saved.config, options)]);
    const heldOut = options.data === undefined ? "rows" : "dataset";
    const rolled = await openLoop(model, transitions, picks, options.steps);
    const report = await measureModelError({ model, transitions, picks, heldOut, openLoop: rolled });
    const measured = await measureAll({ model, penalties, learner, places, rolled }, options);
    for (const { dispose } of penalties) await dispose();
    return calibrationSchema.parse({ version: 1, model: report, ...measured });
  } finally {
    await pipeline.dispose();
  }
}

async function fittedTensors(directory: string): Promise<HostTensors> {
  const fitted = await readFitted(directory, DynamicsModel.name);
  if (fitted !== undefined) return fitted.tensors;
  throw new FileError("the run has no fitted model of the dynamics", {
    where: directory,
    expected: "a run with a dynamics part whose fit is finished",
  });
}

/** Rows that no member was trained on, or of another log any. */
export function picksOf(
  { dynamics }: FittedModel,
  { count }: Transitions,
  { data, rows, seed }: Pick<CalibrateOptions, "data" | "rows" | "seed">,
  fitStream: Random,
): Int32Array {
  if (data !== undefined) return someRows(count, rows, seed);
  if (dynamics.holdout === undefined) {
    throw new CapabilityError("the model does not say which rows its fit held out", {
      where: "dynamics",
      remedy: "measure on another log of the task: --data FILE",
    });
  }
  return dynamics.holdout(count, fitStream).slice(0, rows).sort();
}

interface MeasuringJob {
  readonly model: FittedModel;
  readonly penalties: readonly NamedPenalty[];
  readonly learner: PenaltyLearner | undefined;
  readonly places: readonly (readonly [PenaltyCalibrationReport["on"], MeasuredRows])[];
  readonly rolled: OpenLoop;
}

async function measureAll(
  { model, penalties, learner, places, rolled }: MeasuringJob,
  { level }: CalibrateOptions,
): Promise<Pick<CalibrationReport, "penalties" | "refused">> {
  const measured: PenaltyCalibrationReport[] = [];
  const refused: { type: string; on: string; reason: string }[] = [];
  for (const { type, penalty, tensors } of penalties) {
    for (const [on, rows] of places) {
      try {
        if (tensors === undefined)
          throw new CapabilityError("the penalty has a fit of its own, which this run has not");
        const options = { level, bins: BINS };
        const fitted = { penalty, tensors, learner };
        const held = on === "held-out" ? { openLoop: rolled } : {};
        measured.push(await measurePenalty({ model, type, penalty: fitted, rows, on, options, ...held }));
      } catch (error) {
        if (!(error instanceof CapabilityError)) throw error;
        refused.push({ type, on, reason: error.message });
      }
    }
  }
  return { penalties: measured, refused };
}
