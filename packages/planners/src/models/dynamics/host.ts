import {
  type CompiledProgram,
  createSerial,
  type Engine,
  type Serial,
  scoped,
  type TensorProgram,
  type TensorState,
} from "@lowerbound/core";
import { type DynamicsParts, partTensors } from "./parts.js";
import type { Prior } from "./prior.js";

/** Model, prior and compiled programs that all plans share. */
export interface DynamicsHost {
  readonly parts: DynamicsParts;
  readonly prior: Prior | undefined;
  /** Rows that go through the model at once. */
  readonly rolloutRows: number;
  readonly state: TensorState;
  /** The program of that name, compiled on first use. */
  program(name: string, make: () => TensorProgram): Promise<CompiledProgram>;
  readonly serial: Serial;
  close(): Promise<void>;
}

export function createDynamicsHost(
  engine: Engine,
  { parts, prior, rolloutRows }: Pick<DynamicsHost, "parts" | "prior" | "rolloutRows">,
): DynamicsHost {
  const programs = new Map<string, Promise<CompiledProgram>>();
  return {
    parts,
    prior,
    rolloutRows,
    state: new Map(Object.entries({ ...partTensors(parts), ...scoped("prior", prior?.pure?.tensors ?? {}) })),
    program: (name, make) => {
      const found = programs.get(name) ?? engine.compile(make());
      programs.set(name, found);
      return found;
    },
    serial: createSerial(),
    close: async () => {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
      await prior?.close();
    },
  };
}
