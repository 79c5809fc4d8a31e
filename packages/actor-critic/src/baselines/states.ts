import { float32, type Specs } from "@lowerbound/core";
import { momentSpecs } from "@lowerbound/nn";

/** A parameter with Adam's moments. */
export function withMoments(name: string, shape: readonly number[]): Specs {
  const parameter = { [name]: float32(...shape) };
  return { ...parameter, ...momentSpecs(parameter) };
}
