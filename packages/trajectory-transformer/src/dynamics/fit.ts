import { CapabilityError, type FitContext, type Fitted, SequenceModel } from "@lowerbound/core";
import { checkDimensions, fittedModel } from "../planning/fitted.js";
import { dynamicsTensors } from "./parameters.js";

/**
 * The pipeline's fitted sequence model, for graphs.
 *
 * @throws CapabilityError for another model's tensors or one trained with goals, ConfigError for one that was fitted to other dimensions
 */
export async function fitToSequence({ dataset, fitted }: FitContext): Promise<Fitted> {
  const model = fittedModel(fitted(SequenceModel.name).tensors);
  if (model.goals) {
    throw new CapabilityError("the model of trajectories was trained with goals, and a single step has none", {
      where: "sequence",
      expected: "one without the option `goal`",
    });
  }
  checkDimensions(model, await dataset.info());
  return { tensors: dynamicsTensors(model), facts: {} };
}
