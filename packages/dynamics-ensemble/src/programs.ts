import { type Dimensions, float32, type Params, type Specs, type TensorProgram } from "@lowerbound/core";
import { adamUpdate, CLOCK, clockSpec, momentSpecs, tick } from "@lowerbound/nn";
import { ensembleGradients, holdoutErrors, type LossOptions } from "./loss.js";
import { type EnsembleShape, sizesOf, trainedSpecs } from "./network.js";

export interface UpdateOptions extends EnsembleShape, LossOptions {
  readonly learningRate: number;
  readonly adamBetas: readonly [number, number];
  readonly adamEpsilon: number;
}

/** Everything an update reads and writes: trained tensors, Adam's moments and clock. */
export function updateState(dimensions: Dimensions, shape: EnsembleShape): Specs {
  const trained = trainedSpecs(dimensions, shape);
  return { ...trained, ...momentSpecs(trained), [CLOCK]: clockSpec };
}

const pick = (tensors: Params, specs: Specs): Params =>
  Object.fromEntries(Object.keys(specs).map((name) => [name, tensors[name]!]));

/**
 * One Adam step of all members: inputs [members, batch, input] standardised, targets [members, batch, output].
 * Puts out `loss` [].
 */
export function ensembleUpdateProgram(dimensions: Dimensions, options: UpdateOptions, batch: number): TensorProgram {
  const { input, output } = sizesOf(dimensions);
  const trained = trainedSpecs(dimensions, options);
  return {
    name: "ensemble-update",
    state: updateState(dimensions, options),
    inputs: {
      inputs: float32(options.members, batch, input),
      targets: float32(options.members, batch, output),
    },
    noise: {},
    fn: (tensors) => {
      const batchOf = { inputs: tensors.inputs!, targets: tensors.targets! };
      const { loss, gradients } = ensembleGradients(pick(tensors, trained), batchOf, options);
      const { learningRate, adamBetas: betas, adamEpsilon: epsilon } = options;
      const clock = tick(tensors[CLOCK]!, betas);
      return { ...adamUpdate(tensors, gradients, clock, { learningRate, betas, epsilon }), [CLOCK]: clock, loss };
    },
  };
}

/** Each member's mean squared error on `rows` rows: inputs [rows, input], targets [rows, output] -> `errors` [members]. */
export function holdoutProgram(dimensions: Dimensions, shape: EnsembleShape, rows: number): TensorProgram {
  const { input, output } = sizesOf(dimensions);
  const trained = trainedSpecs(dimensions, shape);
  return {
    name: "ensemble-holdout",
    state: trained,
    inputs: { inputs: float32(rows, input), targets: float32(rows, output) },
    noise: {},
    fn: (tensors) => ({ errors: holdoutErrors(tensors.inputs!, tensors.targets!, pick(tensors, trained)) }),
  };
}
