import type { CompiledProgram, Engine, HostTensor, TensorProgram, TensorSpec, TypedArray } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { checked } from "../session/session.js";
import { noiseSpecs } from "../trace/trace.js";

/** Make a TensorFlow.js backend usable; returns its registered name. */
export type BackendLoader = () => Promise<string>;

/** An engine that calls the function itself on a TensorFlow.js backend, each time. */
export function createEagerEngine(name: string, load: BackendLoader): Engine {
  return {
    name,
    describe: () => ({ backend: name, tfjs: tf.version.tfjs }),
    compile: async (program) => eagerProgram(program, await load()),
    dispose: async () => {},
  };
}

function eagerProgram(program: TensorProgram, backend: string): CompiledProgram {
  const specs: Readonly<Record<string, TensorSpec>> = { ...program.state, ...program.inputs, ...noiseSpecs(program) };
  const outputs: Record<string, TensorSpec> = {};
  return {
    program,
    outputs,
    run: async (state, inputs) => {
      await tf.setBackend(backend);
      const results = tf.tidy(() => {
        const tensors = Object.entries(specs).map(([name, spec]) => {
          const held = name in program.state ? state.get(name) : undefined;
          const data = checked(program, name, spec, held?.data ?? inputs[name]);
          return [name, tf.tensor(data, [...spec.shape], spec.dtype)] as const;
        });
        return program.fn(Object.fromEntries(tensors));
      });
      const rest: Record<string, HostTensor> = {};
      for (const [name, tensor] of Object.entries(results)) {
        const host: HostTensor = {
          dtype: tensor.dtype as "float32",
          shape: tensor.shape,
          data: copied((await tensor.data()) as TypedArray),
        };
        outputs[name] = { dtype: host.dtype, shape: host.shape };
        tensor.dispose();
        if (name in program.state) state.set(name, host);
        else rest[name] = host;
      }
      return rest;
    },
    dispose: async () => {},
  };
}

const copied = (data: TypedArray): TypedArray => data.slice();
