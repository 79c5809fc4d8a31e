import { ConfigError, Dataset, type EnvironmentFactory, EnvironmentSource, type Pipeline } from "@lowerbound/core";
import { z } from "zod";

const Evaluation = z.looseObject({ environment: z.looseObject({ type: z.string() }).optional() }).optional();

/** A run's parts, and what its evaluation is configured with. */
export interface RunWithEnvironment {
  readonly pipeline: Pipeline;
  readonly config: { readonly evaluation?: unknown };
}

/** The environment asked for, the run's own, or the one that its data come from; undefined where none is known. */
export async function environmentOf(
  { pipeline, config }: RunWithEnvironment,
  asked?: string,
): Promise<EnvironmentFactory | undefined> {
  const { environmentFactory } = await import("@lowerbound/environments");
  if (asked !== undefined) return environmentFactory(asked);
  if (pipeline.has(EnvironmentSource)) return pipeline.get(EnvironmentSource);
  const own = Evaluation.parse(config.evaluation)?.environment;
  if (own !== undefined) {
    const { type, ...options } = own;
    return environmentFactory(type, options);
  }
  const { environmentId } = await pipeline.get(Dataset).info();
  return environmentId === undefined ? undefined : environmentFactory(environmentId);
}

/** What is said where a command needs an environment, and neither the run nor its data name one. */
export const noEnvironment = (data: string): ConfigError =>
  new ConfigError(`the run has no evaluation, and ${data} does not say where it comes from`, {
    where: "--environment",
    remedy:
      'name one: --environment TYPE ("lowerbound components environment" lists them); lowerbound ope, calibrate and ' +
      "certify need none",
  });
