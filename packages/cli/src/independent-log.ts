import { type AnyComponent, createUntypedPipeline, DataError, Dataset, FileError } from "@lowerbound/core";
import { checkData } from "@lowerbound/runs";
import { withLog, withWholeLog } from "./another-log.js";
import type { OpenedRun } from "./ope/saved-run.js";
import type { SavedRun } from "./run-command.js";

/**
 * Refuse the log that a run learnt from, or from a share of, where one is asked for that it did not learn from.
 *
 * Logs are told apart by their content. A run whose own log is gone has nothing to compare.
 * @throws DataError for the run's own log
 */
export async function refuseOwnLog(saved: SavedRun, components: readonly AnyComponent[], data: string): Promise<void> {
  const other = await fingerprintOf(withLog(saved, data), components);
  const own = await fingerprintOf(withWholeLog(saved), components).catch((error: unknown) => {
    if (error instanceof FileError) return undefined;
    throw error;
  });
  if (own !== other) return;
  throw new DataError("the run learnt from this log", {
    where: data,
    expected: "another log of the task, whose errors the fit has not seen",
    remedy: "leave --data out: then what the run held out is measured",
  });
}

/** Refuse a log that changed after the run learnt from it: it no longer tells what was held out. @throws DataError */
export const refuseChangedLog = async ({ directory, pipeline }: OpenedRun): Promise<void> =>
  checkData(directory, (await pipeline.get(Dataset).info()).fingerprint);

async function fingerprintOf(config: object, components: readonly AnyComponent[]): Promise<string> {
  const pipeline = createUntypedPipeline(components, config);
  try {
    return (await pipeline.get(Dataset).info()).fingerprint;
  } finally {
    await pipeline.dispose();
  }
}
