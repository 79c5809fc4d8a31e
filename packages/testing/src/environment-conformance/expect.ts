import { type Box, LowerboundError } from "@lowerbound/core";

export function expectInside(observation: Float64Array, { shape, low, high }: Box): void {
  expectThat(observation.length === shape[0], `the observation has ${observation.length} entries, not ${shape[0]}`);
  const bad = observation.findIndex((value, i) => !(value >= low[i]! && value <= high[i]!));
  expectThat(bad < 0, `entry ${bad} of the observation is ${observation[bad]}`);
}

export function expectRefusal(what: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expectThat(error instanceof LowerboundError, `${what} is refused by ${String(error)}`);
    return;
  }
  throw new Error(`${what} is accepted`);
}

export function expectEqual(got: ArrayLike<number>, want: ArrayLike<number>, what: string): void {
  expectThat(sameNumbers(got, want), `${what} changes`);
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}

export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
