import { CapabilityError, type EnvironmentFactory, type Pipeline } from "@lowerbound/core";
import { type MeasuredRows, visitedRows } from "@lowerbound/evaluation";
import { environmentOf, type RunWithEnvironment } from "../environment-of.js";

/** Where the run's last policy goes in its simulator. @throws CapabilityError if no environment is known */
export async function visitsOf(
  directory: string,
  pipeline: Pipeline,
  config: Readonly<Record<string, unknown>>,
  { visits, rows, seed }: { readonly visits: number; readonly rows: number; readonly seed: number },
): Promise<MeasuredRows> {
  const factory = await simulatorOf({ pipeline, config });
  const policy = await pipeline.policy({ directory, quiet: true }, "last");
  try {
    return await visitedRows(policy, factory, { episodes: visits, most: rows, seed });
  } finally {
    await policy.close();
  }
}

/** The simulator that a run or its data name. @throws CapabilityError if neither does */
export async function simulatorOf(run: RunWithEnvironment): Promise<EnvironmentFactory> {
  const found = await environmentOf(run);
  if (found !== undefined) return found;
  throw new CapabilityError("neither the run nor its data say which environment they come from", {
    where: "--visits",
    remedy: "leave --visits out: held-out data need no environment",
  });
}
