import { type Box, DataError, type Random } from "@lowerbound/core";

/** Position and velocity of a simulated system. */
export interface MechanicalState {
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
}

export interface TaskStep {
  readonly observation: Float64Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly info: Readonly<Record<string, number>>;
}

/** Physics and reward of an environment, without the protocol of episodes. */
export interface Task {
  readonly id: string;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  drawState(random: Random): MechanicalState;
  resetTo(state: MechanicalState): Float64Array;
  /** A state that looks like `observation` [observation], which is finite. @throws DataError if it shows none */
  stateOf(observation: ArrayLike<number>): MechanicalState;
  /** What Gymnasium returns beside the first observation. */
  resetInfo(): Readonly<Record<string, number>>;
  step(action: Float32Array): TaskStep;
  /** All that the next step depends on, by name. */
  readState(): Record<string, Float64Array>;
  writeState(state: Readonly<Record<string, Float64Array>>): void;
  close(): void;
}

/** A box with the same bounds on every entry. */
export function box(size: number, low: number, high: number): Box {
  return { shape: [size], low: new Float64Array(size).fill(low), high: new Float64Array(size).fill(high) };
}

export function unboundedBox(size: number): Box {
  return box(size, -Infinity, Infinity);
}

/** One array of a snapshot. @throws DataError if it is missing */
export function stateArray(state: Readonly<Record<string, Float64Array>>, name: string): Float64Array {
  const array = state[name];
  if (array === undefined) {
    throw new DataError(`the snapshot has no "${name}"`, { expected: "a snapshot taken from the same environment" });
  }
  return array;
}

/** The angle of a cosine and a sine, radians. @throws DataError if both are so small that they show no angle */
export function angleOf(cosine: number, sine: number): number {
  if (Math.hypot(cosine, sine) >= 0.5) return Math.atan2(sine, cosine);
  throw new DataError(`a cosine of ${cosine} and a sine of ${sine} show no angle`, {
    where: "observation",
    expected: "numbers whose squares sum to 1",
  });
}

/** Independent uniform draws around each entry of `centre`. */
export function uniformAround(random: Random, centre: ArrayLike<number>, halfWidth: number): Float64Array {
  const unit = random.uniform(new Float32Array(centre.length));
  return Float64Array.from(unit, (value, i) => centre[i]! + halfWidth * (2 * value - 1));
}

export function normalNoise(random: Random, size: number, scale: number): Float64Array {
  return Float64Array.from(random.normal(new Float32Array(size)), (value) => scale * value);
}
