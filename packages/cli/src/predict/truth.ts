import { CapabilityError, Dataset, type Environment } from "@lowerbound/core";
import { environmentOf } from "../environment-of.js";
import { checkSizes } from "../ope/log-of-task.js";
import type { OpenedRun } from "../ope/saved-run.js";
import type { LoggedEpisodes } from "./episodes.js";
import type { PredictionReport } from "./prediction-file.js";
import type { Truth } from "./step-error.js";

export interface TruthOptions {
  /** Type of the environment; the run's, or its data's, where left out. */
  readonly environment?: string;
  /** What predictions are held against; the simulator where one can be put into a state, if left out. */
  readonly truth?: PredictionReport["truth"];
}

/**
 * The simulator that predictions are held against; undefined where the log is the truth.
 *
 * @throws CapabilityError where a simulator is asked for that is not known, or cannot be put into a state
 */
export async function openSimulator(run: OpenedRun, options: TruthOptions): Promise<Environment | undefined> {
  if (options.truth === "log") return undefined;
  const { pipeline } = run;
  const factory = await environmentOf({ pipeline, config: pipeline.config.parts }, options.environment);
  const environment = await factory?.create();
  if (environment?.resetToObservation !== undefined) return checked(environment, run);
  environment?.close();
  if (options.truth === undefined && options.environment === undefined) return undefined;
  throw new CapabilityError(refusal(environment), {
    where: environment === undefined ? "--truth" : environment.id,
    remedy: "hold predictions against what was logged: --truth log",
  });
}

const refusal = (environment: Environment | undefined): string =>
  environment === undefined
    ? "neither the run nor its data say which environment they come from"
    : "the environment cannot be put into the state of an observation";

async function checked(environment: Environment, { pipeline }: OpenedRun): Promise<Environment> {
  const { observationSpace, actionSpace, id } = environment;
  const sizes = { observation: observationSpace.shape[0], action: actionSpace.shape[0] };
  try {
    const remedy = "name the environment that the data come from: --environment TYPE";
    checkSizes(sizes, await pipeline.get(Dataset).info(), id, remedy);
    return environment;
  } catch (error) {
    environment.close();
    throw error;
  }
}

/** What was logged. */
export const loggedTruth = ({ observation, each }: LoggedEpisodes): Truth => ({
  observation,
  observations: each.map(({ came }) => came),
});

/** What the simulator does from each start under the logged actions, to the end of its episode or the actions'. */
export function simulatedTruth({ observation, each }: LoggedEpisodes, environment: Environment): Truth {
  return {
    observation,
    observations: each.map(({ start, actions, steps }) => {
      environment.resetToObservation!(start);
      const came = new Float32Array(steps * observation);
      const width = actions.length / steps;
      for (let step = 0; step < steps; step++) {
        const result = environment.step(actions.slice(step * width, (step + 1) * width));
        came.set(result.observation, step * observation);
        if (result.terminated || result.truncated) return came.slice(0, (step + 1) * observation);
      }
      return came;
    }),
  };
}
