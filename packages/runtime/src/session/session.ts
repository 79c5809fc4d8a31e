import {
  type CompiledProgram,
  ConfigError,
  type HostTensor,
  sizeOf,
  type TensorProgram,
  type TensorSpec,
  type TypedArray,
  zeros,
} from "@lowerbound/core";
import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-common";
import type { Graph } from "../graph/graph.js";
import { passes } from "../graph/passes.js";
import { emit, inputName, outputName } from "../onnx/emit.js";
import { trace } from "../trace/trace.js";

/** The part of an onnxruntime package that sessions need. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: typeof Tensor;
}

export const compileGraph = (program: TensorProgram): Graph =>
  passes.reduce((graph, pass) => pass(graph), trace(program));

/** Trace, optimise and load a program into an onnxruntime session. */
export async function compileWithOnnx(
  runtime: OnnxRuntime,
  program: TensorProgram,
  options: InferenceSession.SessionOptions,
): Promise<CompiledProgram> {
  const graph = compileGraph(program);
  const used = usedInputs(graph);
  const session = await runtime.InferenceSession.create(emit({ ...graph, inputs: used }), options);
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, { dtype, shape }]) => [name, { dtype, shape } as TensorSpec]),
  );
  const buffers = Object.fromEntries(
    Object.entries(outputs).map(([name, spec]) => [name, [zeros(spec), zeros(spec)] as const]),
  );
  const wrapped = new WeakMap<TypedArray, Tensor>();
  const wrap = (host: HostTensor): Tensor => {
    const known = wrapped.get(host.data);
    if (known !== undefined) return known;
    const tensor = new runtime.Tensor(
      host.dtype as "float32",
      host.data as Float32Array,
      host.shape,
    ) as TypedTensor<"float32">;
    wrapped.set(host.data, tensor);
    return tensor;
  };
  const expected = used.map(({ input, dtype, shape }) => ({ name: input!, spec: { dtype, shape } as TensorSpec }));
  return {
    program,
    outputs,
    run: async (state, inputs) => {
      const feeds: Record<string, Tensor> = {};
      for (const { name, spec } of expected) {
        const held = name in program.state ? state.get(name) : undefined;
        const data = checked(program, name, spec, held?.data ?? inputs[name]);
        feeds[inputName(name)] = wrap({ ...spec, data });
      }
      const results: Record<string, HostTensor> = {};
      const fetches: Record<string, Tensor> = {};
      for (const [name, [first, second]] of Object.entries(buffers)) {
        const target = state.get(name)?.data === first.data ? second : first;
        results[name] = target;
        fetches[outputName(name)] = wrap(target);
      }
      await session.run(feeds, fetches);
      const rest: Record<string, HostTensor> = {};
      for (const [name, host] of Object.entries(results)) {
        if (name in program.state) state.set(name, host);
        else rest[name] = host;
      }
      return rest;
    },
    dispose: () => session.release(),
  };
}

function usedInputs(graph: Graph) {
  const used = new Set<number>();
  for (const node of graph.nodes) for (const value of node.inputs) if (value !== undefined) used.add(value.id);
  for (const value of Object.values(graph.outputs)) used.add(value.id);
  return graph.inputs.filter((value) => used.has(value.id));
}

/** @throws ConfigError if a tensor is missing, or has another type or size. */
export function checked(
  program: TensorProgram,
  name: string,
  spec: TensorSpec,
  data: TypedArray | undefined,
): TypedArray {
  const expected = `${spec.dtype} [${spec.shape.join(", ")}]`;
  const where = `program "${program.name}", tensor "${name}"`;
  if (data === undefined) throw new ConfigError("the tensor is missing", { where, expected });
  const type = spec.dtype === "float32" ? Float32Array : spec.dtype === "int32" ? Int32Array : Uint8Array;
  if (!(data instanceof type) || data.length !== sizeOf(spec.shape)) {
    throw new ConfigError(`got ${data.constructor.name} of ${data.length} elements`, { where, expected });
  }
  return data;
}
