import type { CompiledProgram, HostTensor, TensorProgram, TensorSpec, TensorState, TypedArray } from "@lowerbound/core";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { Graph } from "../graph/graph.js";
import { optimise } from "../graph/optimise.js";
import { emit, inputName, outputName } from "../onnx/emit.js";
import { trace } from "../trace/trace.js";
import { outputBuffers, type Results } from "./buffers.js";
import { failedRun, refusedGraph } from "./failures.js";
import { runIntoGiven } from "./fill.js";
import type { OnnxRuntime } from "./onnx-runtime.js";
import { checked, checkUpdates } from "./tensors.js";

export const compileGraph = (program: TensorProgram): Graph => optimise(trace(program));

/** Trace, optimise and load a program into an onnxruntime session. */
export async function compileWithOnnx(
  runtime: OnnxRuntime,
  program: TensorProgram,
  options: InferenceSession.SessionOptions,
): Promise<CompiledProgram> {
  const graph = compileGraph(program);
  const outputs = specsOf(Object.entries(graph.outputs));
  checkUpdates(program, outputs);
  const model = emit(graph, { stop: runtime.fillsGiven });
  const session = await runtime.InferenceSession.create(model, options).catch((error: unknown) => {
    throw refusedGraph(program, error);
  });
  const wrap = tensorCache(runtime);
  const feed = feeder(program, specsOf(graph.inputs.map((value) => [value.input!, value])), wrap);
  const targets = outputBuffers(outputs, program.state);
  return {
    program,
    outputs,
    run: async (state, inputs) => {
      const { feeds, read } = feed(state, inputs);
      const results = targets(state, read);
      try {
        if (runtime.fillsGiven) await runIntoGiven(session, feeds, mapEntries(results, outputName, wrap));
        else copyInto(results, await session.run(feeds));
      } catch (error) {
        throw failedRun(program, error);
      }
      return settle(program, state, results);
    },
    dispose: () => session.release(),
  };
}

type Wrap = (host: HostTensor) => Tensor;

const specsOf = (entries: readonly (readonly [string, Graph["inputs"][number]])[]): Record<string, TensorSpec> =>
  Object.fromEntries(entries.map(([name, { dtype, shape }]) => [name, { dtype, shape } as TensorSpec]));

/** One onnxruntime tensor an array, made when it is first met. */
function tensorCache({ Tensor: OrtTensor }: OnnxRuntime): Wrap {
  const known = new WeakMap<TypedArray, Tensor>();
  return ({ data, dtype, shape }) => {
    const cached = known.get(data);
    if (cached !== undefined && sameShape(cached.dims, shape)) return cached;
    const tensor = make(OrtTensor, dtype, data, shape);
    known.set(data, tensor);
    return tensor;
  };
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

function make(
  OrtTensor: typeof Tensor,
  dtype: TensorSpec["dtype"],
  data: TypedArray,
  shape: readonly number[],
): Tensor {
  if (data instanceof Float32Array) return new OrtTensor("float32", data, shape);
  return data instanceof Int32Array ? new OrtTensor("int32", data, shape) : new OrtTensor(dtype as "bool", data, shape);
}

function feeder(program: TensorProgram, specs: Readonly<Record<string, TensorSpec>>, wrap: Wrap) {
  const expected = Object.entries(specs);
  return (state: TensorState, inputs: Readonly<Record<string, TypedArray>>) => {
    const feeds: Record<string, Tensor> = {};
    const read = new Set<TypedArray>();
    for (const [name, spec] of expected) {
      const held = name in program.state ? state.get(name)?.data : inputs[name];
      const data = checked(program, name, spec, held);
      feeds[inputName(name)] = wrap({ ...spec, data });
      read.add(data);
    }
    return { feeds, read };
  };
}

const mapEntries = (results: Results, key: (name: string) => string, value: Wrap): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(results).map(([name, host]) => [key(name), value(host)]));

function copyInto(results: Results, produced: InferenceSession.ReturnType): void {
  for (const [name, { data }] of Object.entries(results)) data.set(produced[outputName(name)]!.data as TypedArray);
}

/** Put state updates into the state; the rest is what the run hands back. */
function settle(program: TensorProgram, state: TensorState, results: Results): Record<string, HostTensor> {
  const rest: Record<string, HostTensor> = {};
  for (const [name, host] of Object.entries(results)) {
    if (name in program.state) state.set(name, host);
    else rest[name] = host;
  }
  return rest;
}
