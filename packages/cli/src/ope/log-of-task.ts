import { createUntypedPipeline, DataError, Dataset, type Dimensions, type Transitions } from "@lowerbound/core";
import { withLog } from "../another-log.js";
import { loadComponents } from "../components.js";
import { readRun } from "../run-command.js";
import type { OpenedRun } from "./saved-run.js";

export const anotherLog = "name another log of the run's own task: --data FILE";

/** Another log of a run's task, read as the run reads its own. @throws DataError for a log of another task */
export async function transitionsOfLog({ directory, pipeline }: OpenedRun, data: string): Promise<Transitions> {
  const saved = await readRun(directory);
  const other = createUntypedPipeline(await loadComponents(saved.plugins), withLog(saved, data));
  try {
    const transitions = await other.get(Dataset).transitions();
    const own = await pipeline.get(Dataset).info();
    checkSizes(transitions, own, data, anotherLog);
    return transitions;
  } finally {
    await other.dispose();
  }
}

/** @throws DataError where a log, a run or an environment is of another task than the run's log */
export function checkSizes(found: Dimensions, wanted: Dimensions, where: string, remedy: string): void {
  if (found.observation === wanted.observation && found.action === wanted.action) return;
  throw new DataError(`${found.observation} observation and ${found.action} action entries`, {
    where,
    expected: `${wanted.observation} and ${wanted.action}, as in the run's log`,
    remedy,
  });
}
