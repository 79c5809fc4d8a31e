import { float32, type HostTensors, type Specs, zeros } from "@lowerbound/core";
import { momentSpecs } from "@lowerbound/nn";

/** A parameter with Adam's moments. */
export function withMoments(name: string, shape: readonly number[]): Specs {
  const parameter = { [name]: float32(...shape) };
  return { ...parameter, ...momentSpecs(parameter) };
}

/** Zeros for every entry. */
export const blank = (specs: Specs): HostTensors =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, zeros(spec)]));
