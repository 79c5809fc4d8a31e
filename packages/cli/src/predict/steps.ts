import { CapabilityError, drawNoise, float32, scoped, stepModel, type TensorProgram, unscoped } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { type Forecaster, forecastOf, type OpenLoop } from "./forecast.js";
import { actionsOf, type FittedDynamics, memberForecaster } from "./members.js";

/** Roll a model of the dynamics out. @throws CapabilityError for one that carries state */
export function dynamicsForecaster(fitted: FittedDynamics): Forecaster {
  const { capabilities } = fitted.dynamics;
  if (capabilities.stateful) {
    throw new CapabilityError("the model carries state from step to step", {
      where: "dynamics",
      expected: "a Markov model, such as the ensemble",
    });
  }
  return capabilities.members ? memberForecaster(fitted) : stepForecaster(fitted);
}

/** Any Markov model, by its own samples; that an episode ends is passed over. */
function stepForecaster(fitted: FittedDynamics): Forecaster {
  const { name, engine, tensors } = fitted;
  return {
    passes: 1,
    predict: async (job) => {
      const { count, steps, observation } = job;
      const program = await engine.compile(stepProgram(fitted, job));
      const state = new Map(Object.entries(scoped("dynamics", tensors)));
      const forecast = forecastOf(job, name, "drawn");
      let present = job.starts;
      for (let step = 0; step < steps; step++) {
        job.signal.throwIfAborted();
        const noise = drawNoise(job.random, program.program.noise);
        const inputs = { ...noise, observation: present, action: actionsOf(job, step, 1) };
        present = Float32Array.from((await program.run(state, inputs)).next!.data);
        for (let episode = 0; episode < count; episode++) {
          const next = present.subarray(episode * observation, (episode + 1) * observation);
          forecast.observations.set(next, (episode * steps + step) * observation);
        }
        job.onStep();
      }
      await program.dispose();
      return [forecast];
    },
  };
}

function stepProgram({ dynamics, tensors }: FittedDynamics, job: OpenLoop): TensorProgram {
  const { count, observation, action } = job;
  return {
    name: "predict-steps",
    state: scoped("dynamics", dynamics.parameters(tensors)),
    inputs: { observation: float32(count, observation), action: float32(count, action) },
    noise: scoped("dynamics", dynamics.stepNoise(job, count, tensors)),
    fn: (given) => {
      const at = { observation: given.observation!, action: given.action! };
      return { next: tf.clone(stepModel(dynamics, at, unscoped("dynamics", given)).nextObservation) };
    },
  };
}
