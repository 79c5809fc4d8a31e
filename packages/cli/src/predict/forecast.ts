import type { Random } from "@lowerbound/core";
import type { PredictedModel } from "./prediction-file.js";

/** Episodes of which models see the first observation and the actions, all padded with 0 to the same length. */
export interface OpenLoop {
  readonly count: number;
  readonly steps: number;
  readonly observation: number;
  readonly action: number;
  /** [count, observation] */
  readonly starts: Float32Array;
  /** [count, steps, action] */
  readonly actions: Float32Array;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Called after each step of a model. */
  readonly onStep: () => void;
}

/** What one model predicts, in one way. */
export interface Forecast extends Pick<PredictedModel, "name" | "way"> {
  /** The observation after each step [count, steps, observation]; not finite where a model has left the numbers. */
  readonly observations: Float32Array;
}

/** A fitted model that can be rolled out under given actions. */
export interface Forecaster {
  /** Calls of {@link OpenLoop.onStep}, over its length. */
  readonly passes: number;
  predict(job: OpenLoop): Promise<readonly Forecast[]>;
}

/** An empty forecast of a job. */
export const forecastOf = ({ count, steps, observation }: OpenLoop, name: string, way: Forecast["way"]): Forecast => ({
  name,
  way,
  observations: new Float32Array(count * steps * observation),
});
