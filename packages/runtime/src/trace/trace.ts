import {
  CapabilityError,
  ConfigError,
  LowerboundError,
  noiseDType,
  type Params,
  type TensorProgram,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { createBuilder } from "../graph/builder.js";
import type { Graph, Value } from "../graph/graph.js";
import { messageOf, placeOf } from "../words.js";
import { BACKEND, TraceBackend } from "./backend.js";
import { kernelCall, reshaped, type TracedKernel } from "./context.js";
import { acceptingTypes } from "./element-types.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { withoutRandomness } from "./randomness.js";
import { reductions } from "./reductions.js";
import { shapes } from "./shapes.js";

let installed: TraceBackend | undefined;

/**
 * Record one call of a program's function as a graph.
 * @throws CapabilityError naming what cannot be traced; ConfigError where the function itself fails.
 */
export function trace(program: TensorProgram): Graph {
  const backend = install();
  const previous = tf.getBackend();
  const builder = createBuilder();
  tf.registerBackend(BACKEND, () => backend, 0);
  tf.setBackend(BACKEND);
  const where = placeOf(program);
  backend.begin(builder, where);
  tf.engine().startScope(program.name);
  try {
    const specs = { ...program.state, ...program.inputs, ...noiseSpecs(program) };
    const tensors = Object.entries(specs).map(([name, { dtype, shape }]) => {
      const info = backend.adopt(builder.input(name, dtype, shape));
      return [name, tf.engine().makeTensorFromTensorInfo(info)] as const;
    });
    const results = withoutRandomness(where, () => program.fn(Object.fromEntries(tensors) as Params));
    const outputs = Object.entries(results).map(([name, tensor]): [string, Value] => [
      name,
      reshaped(builder, backend.value(tensor.dataId), tensor.shape),
    ]);
    return { name: program.name, inputs: builder.inputs, nodes: builder.nodes, outputs: Object.fromEntries(outputs) };
  } catch (error) {
    throw explained(error, where);
  } finally {
    tf.engine().endScope();
    backend.end();
    if (previous) tf.setBackend(previous);
    // Where none was in use, this leaves TensorFlow.js to choose one as if it had not been used.
    tf.removeBackend(BACKEND);
  }
}

export const noiseSpecs = ({ noise }: TensorProgram) =>
  Object.fromEntries(
    Object.entries(noise).map(([name, entry]) => [name, { dtype: noiseDType(entry), shape: entry.shape }]),
  );

function install(): TraceBackend {
  if (installed !== undefined) return installed;
  const backend = new TraceBackend();
  const kernels: Record<string, TracedKernel> = { ...elementwise, ...shapes, ...reductions, ...indexing };
  for (const [kernelName, plain] of Object.entries(kernels)) {
    const kernel = acceptingTypes(kernelName, plain);
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const result = named(kernelName, () => kernel(kernelCall(backend, inputs as never, (attrs ?? {}) as never)));
        return Array.isArray(result)
          ? result.map((value: Value) => backend.adopt(value))
          : backend.adopt(result as Value);
      },
    });
  }
  installed = backend;
  return backend;
}

/** A kernel's error with its name. */
function named<T>(kernel: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof LowerboundError) throw cause;
    throw new KernelError(kernel, cause);
  }
}

class KernelError extends Error {
  constructor(
    readonly kernel: string,
    override readonly cause: unknown,
  ) {
    super(`${kernel}: ${messageOf(cause)}`);
  }

  /** Plain errors say that arguments do not fit each other; kernels refuse what they do not know with others. */
  get misused(): boolean {
    return this.cause instanceof Error && this.cause.constructor === Error;
  }
}

/** An error of a trace with the program's name; errors that say their place pass. */
function explained(cause: unknown, where: string): unknown {
  if (cause instanceof LowerboundError) return cause;
  const missing = /Kernel '(\w+)' not registered/.exec(String(cause))?.[1];
  const remedy = "write it with operations that can, or run eagerly: --engine tfjs-node, wasm or cpu";
  if (missing !== undefined) {
    return new CapabilityError(`the operation ${missing} cannot be compiled`, { where, remedy, cause });
  }
  if (!(cause instanceof KernelError) || cause.misused)
    return new ConfigError(`its function failed: ${messageOf(cause)}`, { where, cause });
  return new CapabilityError(`the operation ${cause.kernel} cannot be compiled: ${messageOf(cause.cause)}`, {
    where,
    remedy,
    cause,
  });
}
