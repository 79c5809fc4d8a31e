import { CapabilityError, Dataset, type EnvironmentFactory, EnvironmentSource, type Pipeline } from "@lowerbound/core";
import { type MeasuredRows, visitedRows } from "@lowerbound/evaluation";
import { z } from "zod";

const Evaluation = z.looseObject({ environment: z.looseObject({ type: z.string() }).optional() }).optional();

/** Where the run's last policy goes in its simulator. @throws CapabilityError if no environment is known */
export async function visitsOf(
  directory: string,
  pipeline: Pipeline,
  config: Readonly<Record<string, unknown>>,
  { visits, rows, seed }: { readonly visits: number; readonly rows: number; readonly seed: number },
): Promise<MeasuredRows> {
  const factory = await factoryOf(pipeline, config);
  const policy = await pipeline.policy({ directory, quiet: true }, "last");
  try {
    return await visitedRows(policy, factory, { episodes: visits, most: rows, seed });
  } finally {
    await policy.close();
  }
}

/** The simulator that a run or its data name. @throws CapabilityError if neither does */
export async function factoryOf(
  pipeline: Pipeline,
  config: Readonly<Record<string, unknown>>,
): Promise<EnvironmentFactory> {
  const { environmentFactory } = await import("@lowerbound/environments");
  if (pipeline.has(EnvironmentSource)) return pipeline.get(EnvironmentSource);
  const own = Evaluation.parse(config.evaluation)?.environment;
  const { environmentId } = await pipeline.get(Dataset).info();
  if (own !== undefined) return environmentFactory(own.type, own);
  if (environmentId !== undefined) return environmentFactory(environmentId);
  throw new CapabilityError("neither the run nor its data say which environment they come from", {
    where: "--visits",
    remedy: "leave --visits out: held-out data need no environment",
  });
}
