import { CapabilityError, LowerboundError, type TensorProgram } from "@lowerbound/core";
import { messageOf, placeOf } from "../words.js";

/** What onnxruntime says of a graph that it does not take, with the program's name. */
export const refusedGraph = (program: TensorProgram, cause: unknown): LowerboundError =>
  new CapabilityError(`onnxruntime does not take its graph: ${messageOf(cause)}`, {
    where: placeOf(program),
    remedy:
      "cast integers and truth values to what the operation takes, or run eagerly: --engine tfjs-node, wasm or cpu",
    cause,
  });

/** An error of a run with the program's name; errors that name their place pass. */
export const failedRun = (program: TensorProgram, cause: unknown): unknown =>
  cause instanceof LowerboundError
    ? cause
    : new LowerboundError(`the run failed: ${messageOf(cause)}`, { where: placeOf(program), cause });
