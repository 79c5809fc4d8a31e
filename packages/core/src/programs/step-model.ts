import type { DynamicsModel, DynamicsStep } from "../contracts/dynamics-model.js";
import type { Params } from "../contracts/tensors.js";
import type { SteppedFrom } from "./penalty-inputs.js";
import { shaped } from "./shapes.js";

/**
 * One step of a Markov model from pairs [batch, observation], [batch, action]; its random numbers are among `params`
 * unless they are given apart.
 *
 * @throws ConfigError for a model that gives other shapes than its kind promises
 */
export function stepModel(
  dynamics: Pick<DynamicsModel, "step">,
  { observation, action }: SteppedFrom,
  params: Params,
  noise: Params = params,
): DynamicsStep {
  const step = dynamics.step({ observation, action, noise, carry: {} }, params);
  const [batch, width] = observation.shape as [number, number];
  const where = "dynamics";
  shaped(step.nextObservation, {
    where,
    what: "nextObservation",
    shape: [batch, width],
    meaning: "[batch, observation]",
  });
  shaped(step.reward, { where, what: "reward", shape: [batch, 1], meaning: "one a row, [batch, 1]" });
  if (step.ended !== undefined) {
    shaped(step.ended, { where, what: "ended", shape: [batch], meaning: "one a row, [batch]" });
  }
  return step;
}
