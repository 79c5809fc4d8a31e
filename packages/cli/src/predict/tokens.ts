import type { Engine } from "@lowerbound/core";
import { drawn, type FittedModel, openTokenModel, rollOut } from "@lowerbound/trajectory-transformer";
import { type Forecast, type Forecaster, forecastOf, type OpenLoop } from "./forecast.js";

/** Filters of the two ways: all tokens by their probabilities, or the most likely one. */
const WAYS = [
  ["drawn", {}],
  ["most likely", { topK: 1 }],
] as const;

/**
 * A model of trajectories, rolled out token by token given that no episode ends: drawn as it believes, and its most
 * likely next observation at each step. Source: Trajectory Transformer (Janner et al. 2021), section 4.1.
 */
export function tokenForecaster(name: string, engine: Engine, fitted: FittedModel): Forecaster {
  return {
    passes: WAYS.length,
    predict: async (job) => {
      const forecasts: Forecast[] = [];
      for (const [way, filter] of WAYS) {
        const filters = { observation: filter, reward: filter };
        const forecast = forecastOf(job, name, way);
        forecast.observations.set(await observationsOf(openTokenModel(engine, fitted, { filters, ends: false }), job));
        forecasts.push(forecast);
      }
      return forecasts;
    },
  };
}

/** The observations after each step [count, steps, observation]. */
async function observationsOf(model: ReturnType<typeof openTokenModel>, job: OpenLoop): Promise<Float32Array> {
  const { count, steps, observation, starts, actions, random, signal, onStep } = job;
  const draw = drawn(random);
  try {
    const found = await rollOut(model, {
      starts: Array.from({ length: count }, (_, episode) => ({
        observation: starts.slice(episode * observation, (episode + 1) * observation),
      })),
      steps,
      actions,
      random,
      draw: (probabilities, asked) => {
        signal.throwIfAborted();
        if (asked.kind === "observation" && asked.dimension === observation - 1) onStep();
        return draw(probabilities, asked);
      },
    });
    const predicted = new Float32Array(count * steps * observation);
    for (let episode = 0; episode < count; episode++) {
      const from = (episode * (steps + 1) + 1) * observation;
      predicted.set(found.observations.subarray(from, from + steps * observation), episode * steps * observation);
    }
    return predicted;
  } finally {
    await model.decoder.close();
  }
}
