import { type CompiledProgram, type Matrix, overRows, type TensorState } from "@lowerbound/core";

/** Output `value` of a program on pairs of observation and action, in double precision: [rows]. */
export async function valuesOf(
  program: CompiledProgram,
  state: TensorState,
  { data: observation, rows: count }: Matrix,
  { data: action }: Matrix,
): Promise<Float64Array> {
  const { value } = await overRows(program, state, { inputs: { observation, action }, count });
  return Float64Array.from(value ?? []);
}
