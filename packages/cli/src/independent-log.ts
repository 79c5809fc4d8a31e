import {
  type AnyComponent,
  createUntypedPipeline,
  DataError,
  Dataset,
  type DatasetInfo,
  FileError,
} from "@lowerbound/core";
import { checkData } from "@lowerbound/runs";
import { withLog, withWholeLog } from "./another-log.js";
import { anotherLog, checkSizes } from "./ope/log-of-task.js";
import type { OpenedRun } from "./ope/saved-run.js";
import type { SavedRun } from "./run-command.js";

/**
 * Refuse the log that a run learnt from, or from a share of, where one is asked for that it did not learn from, and a log of
 * other sizes.
 *
 * Logs are told apart by their content. A run whose own log is gone has nothing to compare.
 * @throws DataError
 */
export async function checkOtherLog(saved: SavedRun, components: readonly AnyComponent[], data: string): Promise<void> {
  const other = await infoOf(withLog(saved, data), components);
  const own = await infoOf(withWholeLog(saved), components).catch((error: unknown) => {
    if (error instanceof FileError) return undefined;
    throw error;
  });
  if (own === undefined) return;
  checkSizes(other, own, data, anotherLog);
  if (own.fingerprint !== other.fingerprint) return;
  throw new DataError("the run learnt from this log", {
    where: data,
    expected: "another log of the task, whose errors the fit has not seen",
    remedy: "leave --data out: then what the run held out is measured",
  });
}

/** Refuse a log that changed after the run learnt from it: it no longer tells what was held out. @throws DataError */
export const refuseChangedLog = async ({ directory, pipeline }: OpenedRun): Promise<void> =>
  checkData(directory, (await pipeline.get(Dataset).info()).fingerprint);

async function infoOf(config: object, components: readonly AnyComponent[]): Promise<DatasetInfo> {
  const pipeline = createUntypedPipeline(components, config);
  try {
    return await pipeline.get(Dataset).info();
  } finally {
    await pipeline.dispose();
  }
}
