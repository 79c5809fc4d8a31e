import { ConfigError, sizeOf, type TensorProgram, type TensorSpec, type TypedArray } from "@lowerbound/core";

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** @throws ConfigError if a tensor is missing, or has another type or size. */
export function checked(
  program: TensorProgram,
  name: string,
  spec: TensorSpec,
  data: TypedArray | undefined,
): TypedArray {
  if (data instanceof ARRAYS[spec.dtype] && data.length === sizeOf(spec.shape)) return data;
  throw new ConfigError(
    data === undefined ? "the tensor is missing" : `got ${data.constructor.name} of ${data.length} elements`,
    {
      where: `program "${program.name}", tensor "${name}"`,
      expected: `${spec.dtype} [${spec.shape.join(", ")}]`,
    },
  );
}
