import type { CompiledProgram, Dimensions, Engine, TensorState } from "@lowerbound/core";
import { ensembleUpdateProgram, holdoutProgram, type UpdateOptions } from "./programs.js";
import { gatherRows, type Table } from "./table.js";

/** Update programs of one table: batches of full size, and the shorter one at an epoch's end. */
export interface Batches {
  /** Batches of an epoch. */
  readonly count: number;
  /** Run batch `index` of the epoch's rows [members, train rows] and return its loss. */
  run(state: TensorState, rows: Int32Array, index: number): Promise<number>;
  dispose(): Promise<void>;
}

export async function compileBatches(
  engine: Engine,
  dimensions: Dimensions,
  options: UpdateOptions & { readonly batchSize: number },
  { table, trainRows }: { readonly table: Table; readonly trainRows: number },
): Promise<Batches> {
  const { members, batchSize } = options;
  const programs = new Map<number, { program: CompiledProgram; inputs: Float32Array; targets: Float32Array }>();
  for (const size of new Set([Math.min(batchSize, trainRows), trainRows % batchSize])) {
    if (size === 0) continue;
    programs.set(size, {
      program: await engine.compile(ensembleUpdateProgram(dimensions, options, size)),
      inputs: new Float32Array(members * size * table.input),
      targets: new Float32Array(members * size * table.output),
    });
  }
  const run = async (state: TensorState, rows: Int32Array, index: number): Promise<number> => {
    const from = index * batchSize;
    const size = Math.min(batchSize, trainRows - from);
    const { program, ...into } = programs.get(size)!;
    for (let member = 0; member < members; member++) {
      gatherRows(table, rows, { from: member * trainRows + from, count: size, at: member * size }, into);
    }
    const { loss } = await program.run(state, into);
    return loss!.data[0]!;
  };
  return {
    count: Math.ceil(trainRows / batchSize),
    run,
    dispose: async () => {
      for (const { program } of programs.values()) await program.dispose();
    },
  };
}

export interface Holdout {
  /** Mean squared error of each member on the held-out rows. */
  errors(state: TensorState): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export async function compileHoldout(
  engine: Engine,
  dimensions: Dimensions,
  options: UpdateOptions,
  { table, holdoutRows }: { readonly table: Table; readonly holdoutRows: Int32Array },
): Promise<Holdout> {
  const count = holdoutRows.length;
  const program = await engine.compile(holdoutProgram(dimensions, options, count));
  const inputs = new Float32Array(count * table.input);
  const targets = new Float32Array(count * table.output);
  gatherRows(table, holdoutRows, { from: 0, count, at: 0 }, { inputs, targets });
  return {
    errors: async (state) => {
      const { errors } = await program.run(state, { inputs, targets });
      return Float32Array.from(errors!.data);
    },
    dispose: () => program.dispose(),
  };
}
