import {
  ConfigError,
  type Specs,
  sizeOf,
  type TensorProgram,
  type TensorSpec,
  type TypedArray,
} from "@lowerbound/core";
import { placeOf } from "../words.js";

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
      where: `${placeOf(program)}, tensor "${name}"`,
      expected: described(spec),
    },
  );
}

const described = ({ dtype, shape }: TensorSpec): string => `${dtype} [${shape.join(", ")}]`;

/** @throws ConfigError if an output that replaces a state tensor has another type or shape. */
export function checkUpdates(program: TensorProgram, outputs: Specs): void {
  for (const [name, output] of Object.entries(outputs)) {
    const spec = program.state[name];
    if (spec === undefined || described(spec) === described(output)) continue;
    throw new ConfigError(`the output that replaces it is ${described(output)}`, {
      where: `${placeOf(program)}, state tensor "${name}"`,
      expected: described(spec),
      remedy: "cast or reshape it to what it replaces, or give the output another name",
    });
  }
}
