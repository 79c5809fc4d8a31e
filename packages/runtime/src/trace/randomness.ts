import { CapabilityError } from "@lowerbound/core";

/**
 * Call a tensor function where `Math.random`, the source of TensorFlow.js's unseeded random operations, refuses: what it gave
 * would be a constant of the graph, the same numbers in every run.
 * @throws CapabilityError, which says `where`, if the function draws from it.
 */
export function withoutRandomness<T>(where: string, call: () => T): T {
  const { random } = Math;
  Math.random = () => {
    throw new CapabilityError("random numbers were drawn while the function was being compiled", {
      where,
      expected: "the same numbers in every run: what a function draws becomes a constant of its graph",
      remedy: "declare them as `noise` of the program or the component; or give the operation a seed",
    });
  };
  try {
    return call();
  } finally {
    Math.random = random;
  }
}
