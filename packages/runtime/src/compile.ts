import type { CompiledProgram, Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { programOf, type Signature } from "./program.js";
import { createAutoEngine } from "./session/auto.js";
import { physicalCores } from "./session/cores.js";

/**
 * Compile a tensor function to one graph, on the fastest onnxruntime there is: `tf.function` for TensorFlow.js.
 *
 * Gradients and optimiser steps inside of the function become part of the graph. An output named as a state tensor
 * replaces it after each run.
 * @throws CapabilityError naming an operation that cannot be compiled.
 */
export const compile = (
  fn: (tensors: Params) => Record<string, Tensor>,
  signature: Signature,
): Promise<CompiledProgram> => createAutoEngine({ threads: physicalCores() }).compile(programOf(fn, signature));
