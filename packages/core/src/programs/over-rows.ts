import type { CompiledProgram, TensorState } from "../contracts/engine.js";
import { sizeOf } from "../contracts/tensors.js";
import { drawNoise, type Random } from "../rng/random.js";

/** Rows of named inputs, each [count, width] or longer, with the width that the program asks for. */
export interface RowInputs {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly count: number;
  /** Where the program's noise comes from; a program without noise needs none. */
  readonly random?: Random;
  readonly signal?: AbortSignal;
}

/**
 * Run a program made for a fixed number of rows over any number of them: outputs of a number a row, joined, [count] each.
 *
 * What the last block lacks is zero and left out of the results.
 */
export async function overRows(
  compiled: CompiledProgram,
  state: TensorState,
  { inputs, count, random, signal }: RowInputs,
): Promise<Record<string, Float32Array>> {
  const results: Record<string, Float32Array> = {};
  const { program } = compiled;
  const rows = Object.values(program.inputs)[0]?.shape[0] ?? count;
  for (let from = 0; from < count; from += rows) {
    signal?.throwIfAborted();
    const block = Object.entries(inputs).map(([name, data]) => [
      name,
      blockOf(data, sizeOf(program.inputs[name]!.shape) / rows, from, rows),
    ]);
    const noise = random === undefined ? {} : drawNoise(random, program.noise);
    const outputs = await compiled.run(state, { ...Object.fromEntries(block), ...noise });
    for (const [name, { data }] of Object.entries(outputs)) {
      results[name] ??= new Float32Array(count);
      results[name].set(data.subarray(0, Math.min(rows, count - from)), from);
    }
  }
  return results;
}

function blockOf(data: Float32Array, width: number, from: number, rows: number): Float32Array {
  const block = new Float32Array(rows * width);
  block.set(data.subarray(from * width, (from + rows) * width));
  return block;
}
