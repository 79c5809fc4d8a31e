import type { CompiledProgram, Engine, HostTensors, TensorProgram, TensorState } from "@lowerbound/core";

/** A model's weights, and programs that are compiled when they are first asked for. */
export interface Programs {
  readonly state: TensorState;
  program(name: string, make: () => TensorProgram): Promise<CompiledProgram>;
  close(): Promise<void>;
}

export function openPrograms(engine: Engine, weights: HostTensors): Programs {
  const programs = new Map<string, Promise<CompiledProgram>>();
  return {
    state: new Map(Object.entries(weights)),
    program: (name, make) => {
      const found = programs.get(name) ?? engine.compile(make());
      programs.set(name, found);
      return found;
    },
    close: async () => {
      for (const each of programs.values()) await (await each).dispose();
      programs.clear();
    },
  };
}

/** Powers of two, few of them: programs are compiled for each. */
export function sizeFor(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  return power;
}

export const floats = (data: unknown): Float32Array => {
  if (data instanceof Float32Array) return data;
  throw new Error("decoding: expected float32");
};
