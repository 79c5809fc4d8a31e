import { CapabilityError } from "@lowerbound/core";

/**
 * What plans or steps in a model of trajectories takes the transition that follows for that of the next step.
 *
 * @throws CapabilityError for a model of one step in so many
 */
export function requireEveryStep(stride = 1): void {
  if (stride === 1) return;
  throw new CapabilityError(`the model of trajectories looks at one step in ${stride} alone`, {
    where: "sequence.step",
    expected: "1, so that what follows a transition is the next step",
    remedy: "train it with sequence.step 1, or use the model for its density alone",
  });
}
