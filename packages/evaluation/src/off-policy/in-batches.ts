import type { CompiledProgram, Matrix, TensorState } from "@lowerbound/core";
import { filled } from "./act-all.js";

/** Run a program of `batch` rows over all rows of its inputs and join an output of one value a row, [rows]. */
export async function inBatches(
  program: CompiledProgram,
  state: TensorState,
  inputs: Readonly<Record<string, Matrix>>,
  { output, batch }: { readonly output: string; readonly batch: number },
): Promise<Float64Array> {
  const rows = Object.values(inputs)[0]?.rows ?? 0;
  const values = new Float64Array(rows);
  for (let from = 0; from < rows; from += batch) {
    const data = Object.entries(inputs).map(([name, matrix]) => [name, filled(matrix, from, batch).data] as const);
    const outputs = await program.run(state, Object.fromEntries(data));
    const count = Math.min(batch, rows - from);
    for (let k = 0; k < count; k++) values[from + k] = outputs[output]!.data[k]!;
  }
  return values;
}
