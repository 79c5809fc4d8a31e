import { DynamicsModel, Random, type Transitions } from "@lowerbound/core";
import { type CertifyJob, type FittedModel, measuredRows, someRows } from "@lowerbound/evaluation";
import { picksOf } from "../calibrate/calibrate-run.js";
import { transitionsOfLog } from "../ope/log-of-task.js";
import type { OpenedRun } from "../ope/saved-run.js";

export interface HeldOutOptions {
  /** A log of its own to check penalties on. */
  readonly data?: string | undefined;
  readonly rows: number;
  readonly seed: number;
}

/**
 * Rows that the model did not learn from: of a log of their own, else of the episodes that the run held out, else the
 * rows that the model's fit held out.
 *
 * @throws CapabilityError where a model does not say which rows those are; DataError for a log of another task
 */
export async function heldOutRows(
  run: OpenedRun,
  model: FittedModel,
  options: HeldOutOptions,
): Promise<CertifyJob["heldOut"]> {
  const { data, rows, seed } = options;
  if (data !== undefined) return { kind: "dataset", rows: someOf(await transitionsOfLog(run, data), rows, seed) };
  const episodes = await run.pipeline.heldOutDataset();
  if (episodes !== undefined) return { kind: "episodes", rows: someOf(await episodes.transitions(), rows, seed) };
  const transitions = await (await run.pipeline.fittingDataset()).transitions();
  const fitStream = Random.fromSeed(run.pipeline.config.seed).stream(DynamicsModel.name);
  return { kind: "rows", rows: measuredRows(transitions, picksOf(model, transitions, { rows, seed }, fitStream)) };
}

const someOf = (transitions: Transitions, rows: number, seed: number) =>
  measuredRows(transitions, someRows(transitions.count, rows, seed));
