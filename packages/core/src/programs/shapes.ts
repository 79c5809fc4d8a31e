import type { Tensor } from "@tensorflow/tfjs";
import { ConfigError } from "../errors.js";

/** What a part must give. */
export interface ExpectedShape {
  /** The part, as a config names its kind. */
  readonly where: string;
  /** What it gave, e.g. "u". */
  readonly what: string;
  readonly shape: readonly number[];
  /** The shape in words, e.g. "[batch]". */
  readonly meaning: string;
  readonly remedy?: string;
}

/**
 * The tensor, if its shape is the expected one: another would broadcast where it is used, and give wrong numbers without
 * a word.
 *
 * @throws ConfigError that names the part, the shape and the remedy
 */
export function shaped(tensor: Tensor, { where, what, shape, meaning, remedy }: ExpectedShape): Tensor {
  // Of a plug-in, whose types nobody has checked, it may be a number or a promise as well.
  const given: readonly number[] | undefined = tensor?.shape;
  if (given?.length === shape.length && shape.every((size, axis) => size === given[axis])) return tensor;
  throw new ConfigError(given === undefined ? `${what} is no tensor` : `${what} has the shape ${written(given)}`, {
    where,
    expected: `${written(shape)}: ${meaning}`,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

const written = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
