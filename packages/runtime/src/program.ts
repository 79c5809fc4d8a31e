import type { NoiseSpec, Params, Specs, TensorProgram } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";

/** Names, types and shapes of what a tensor function takes. */
export interface Signature {
  /** Name for messages; by default the function's own. */
  readonly name?: string;
  readonly state?: Specs;
  readonly inputs?: Specs;
  readonly noise?: NoiseSpec;
}

/** A tensor function with its signature. */
export const programOf = (
  fn: (tensors: Params) => Record<string, Tensor>,
  { name = fn.name || "function", state = {}, inputs = {}, noise = {} }: Signature,
): TensorProgram => ({ name, fn, state, inputs, noise });
