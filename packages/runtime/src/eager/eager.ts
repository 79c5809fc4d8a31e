import type { CompiledProgram, Engine, HostTensor, TensorProgram, TensorSpec, TypedArray } from "@lowerbound/core";
import { type TensorState, zerosOf } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { failedRun } from "../session/failures.js";
import { checked, checkUpdates } from "../session/tensors.js";
import { noiseSpecs, trace } from "../trace/trace.js";

/** Make a TensorFlow.js backend usable; returns its registered name. */
export type BackendLoader = () => Promise<string>;

/** An engine that calls the function itself on a TensorFlow.js backend, each time. */
export function createEagerEngine(name: string, load: BackendLoader): Engine {
  return {
    name,
    describe: () => ({ backend: name, tfjs: tf.version.tfjs }),
    compile: async (program) => {
      const before = tf.getBackend();
      const backend = await load();
      if (before) await tf.setBackend(before);
      return eagerProgram(program, backend);
    },
    dispose: async () => {},
  };
}

type Inputs = Readonly<Record<string, TypedArray>>;
type Results = Record<string, HostTensor>;

async function eagerProgram(program: TensorProgram, backend: string): Promise<CompiledProgram> {
  const outputs = await outputSpecs(program, backend);
  checkUpdates(program, outputs);
  return {
    program,
    outputs,
    run: async (state, inputs) => {
      const rest: Results = {};
      for (const [name, host] of Object.entries(await call(program, backend, state, inputs))) {
        if (name in program.state) state.set(name, host);
        else rest[name] = host;
      }
      return rest;
    },
    dispose: async () => {},
  };
}

/** Run the function once on the backend, and leave TensorFlow.js on the one that it was on. */
async function call(program: TensorProgram, backend: string, state: TensorState, inputs: Inputs): Promise<Results> {
  const before = tf.getBackend();
  if (before !== backend) await tf.setBackend(backend);
  try {
    const results = tf.tidy(() => program.fn(tensorsOf(program, state, inputs)));
    const hosts = Object.entries(results).map(([name, tensor]) => [name, hostCopy(tensor)] as const);
    tf.dispose(results);
    return Object.fromEntries(hosts);
  } catch (error) {
    throw failedRun(program, error);
  } finally {
    if (before && before !== backend) await tf.setBackend(before);
  }
}

function tensorsOf(program: TensorProgram, state: TensorState, inputs: Inputs): Record<string, tf.Tensor> {
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, spec] of Object.entries(specsOf(program))) {
    const held = name in program.state ? state.get(name)?.data : inputs[name];
    const data = checked(program, name, spec, held);
    tensors[name] = tf.tensor(data, [...spec.shape], spec.dtype);
  }
  return tensors;
}

const specsOf = (program: TensorProgram): Readonly<Record<string, TensorSpec>> => ({
  ...program.state,
  ...program.inputs,
  ...noiseSpecs(program),
});

/** Copied, because backends hand out views of their own memory. */
const hostCopy = (tensor: tf.Tensor): HostTensor => ({
  dtype: tensor.dtype as TensorSpec["dtype"],
  shape: tensor.shape,
  data: (tensor.dataSync() as TypedArray).slice(),
});

/** Types and shapes of a program's outputs: from a trace, or from a run on zeros where it cannot be traced. */
async function outputSpecs(program: TensorProgram, backend: string): Promise<Record<string, TensorSpec>> {
  const specs = (outputs: Readonly<Record<string, { dtype: string; shape: readonly number[] }>>) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { dtype, shape }]) => [name, { dtype, shape } as TensorSpec]),
    );
  try {
    return specs(trace(program).outputs);
  } catch {
    const blank = Object.entries(zerosOf(specsOf(program)));
    const inputs = Object.fromEntries(blank.map(([name, { data }]) => [name, data]));
    return specs(await call(program, backend, new Map(blank), inputs));
  }
}
