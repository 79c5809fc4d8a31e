import { CapabilityError, ConfigError, type FitContext, type Fitted, SequenceModel } from "@lowerbound/core";
import { fittedModel } from "../planning/fitted.js";
import { dynamicsTensors } from "./parameters.js";

/**
 * The pipeline's fitted sequence model, for graphs.
 *
 * @throws CapabilityError for another model's tensors or one trained with goals, ConfigError for one that was fitted to other dimensions
 */
export async function fitToSequence({ dataset, fitted }: FitContext): Promise<Fitted> {
  const model = fittedModel(fitted(SequenceModel.name).tensors);
  const { observation, action } = await dataset.info();
  const { sizes } = model;
  if (model.goals) {
    throw new CapabilityError("the model of trajectories was trained with goals, and a single step has none", {
      where: "sequence",
      expected: "one without the option `goal`",
    });
  }
  if (sizes.observation !== observation || sizes.action !== action) {
    throw new ConfigError(`the model of trajectories was fitted to ${sizes.observation} and ${sizes.action} entries`, {
      where: "sequence",
      expected: `${observation} observation and ${action} action entries`,
    });
  }
  return { tensors: dynamicsTensors(model), facts: {} };
}
