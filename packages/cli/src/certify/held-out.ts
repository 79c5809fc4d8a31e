import { createUntypedPipeline, DataError, Dataset, DynamicsModel, Random, type Transitions } from "@lowerbound/core";
import { type CertifyJob, type FittedModel, measuredRows, someRows } from "@lowerbound/evaluation";
import { picksOf, withData } from "../calibrate/calibrate-run.js";
import { loadComponents } from "../components.js";
import type { OpenedRun } from "../ope/saved-run.js";
import { readRun } from "../run-command.js";

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
  if (data !== undefined) return { kind: "dataset", rows: await rowsOfLog(run, data, options) };
  const episodes = await run.pipeline.heldOutDataset();
  if (episodes !== undefined) return { kind: "episodes", rows: someOf(await episodes.transitions(), rows, seed) };
  const transitions = await (await run.pipeline.fittingDataset()).transitions();
  const fitStream = Random.fromSeed(run.pipeline.config.seed).stream(DynamicsModel.name);
  return { kind: "rows", rows: measuredRows(transitions, picksOf(model, transitions, { rows, seed }, fitStream)) };
}

const someOf = (transitions: Transitions, rows: number, seed: number) =>
  measuredRows(transitions, someRows(transitions.count, rows, seed));

async function rowsOfLog({ directory, pipeline }: OpenedRun, data: string, { rows, seed }: HeldOutOptions) {
  const saved = await readRun(directory);
  const other = createUntypedPipeline(await loadComponents(saved.plugins), withData(saved, data));
  try {
    const transitions = await other.get(Dataset).transitions();
    const own = await pipeline.get(Dataset).info();
    if (transitions.observation !== own.observation || transitions.action !== own.action) {
      throw new DataError(`${transitions.observation} observation and ${transitions.action} action entries`, {
        where: data,
        expected: `${own.observation} and ${own.action}, as in the run's log`,
        remedy: "name another log of the run's own task: --data FILE",
      });
    }
    return someOf(transitions, rows, seed);
  } finally {
    await other.dispose();
  }
}
