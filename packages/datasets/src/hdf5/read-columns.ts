import { DataError } from "@lowerbound/core";
import type { Hdf5Array, Hdf5File } from "./read-file.js";

/** Read a column of flags: booleans, or numbers that are 0 or 1. @throws DataError for any other value. */
export function readFlags(file: Hdf5File, array: Hdf5Array): Uint8Array {
  const values = array.read(0, array.rows);
  const flags = new Uint8Array(array.rows);
  for (let row = 0; row < flags.length; row++) {
    const value = values[row]!;
    if (value !== 0 && value !== 1) {
      throw new DataError(`the flag is ${value}`, {
        where: `${file.path} ${array.key} row ${row}`,
        expected: "true or false, 0 or 1",
        remedy: "write the key again as booleans",
      });
    }
    flags[row] = value;
  }
  return flags;
}

/** Observations of a piece, also as they are where that is not single precision. */
export const narrowed = (values: ArrayLike<number>): { observations: Float32Array; exact?: Float64Array } => ({
  observations: floats(values),
  ...(values instanceof Float64Array ? { exact: values } : {}),
});

export const floats = (values: ArrayLike<number>): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);
