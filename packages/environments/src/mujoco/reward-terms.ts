import type { MechanicalState } from "../task.js";
import type { Simulation } from "./simulation.js";

/** A lower and an upper bound; null is none. */
export type Range = readonly [number | null, number | null];

/**
 * Control cost as numpy takes it for float32 actions: every square, sum and product rounded to float32.
 *
 * Eight entries or more are summed in numpy's pairwise order; with 8 actuators at most there is one block.
 */
export function controlCost(action: Float32Array, weight: number): number {
  const squares = action.map((value) => value * value);
  return Math.fround(Math.fround(weight) * (squares.length < 8 ? sumInOrder(squares) : sumInPairs(squares)));
}

function sumInOrder(values: Float32Array): number {
  return values.reduce((sum, value) => Math.fround(sum + value), 0);
}

function sumInPairs(values: Float32Array): number {
  if (values.length === 1) return values[0]!;
  const half = values.length / 2;
  return Math.fround(sumInPairs(values.subarray(0, half)) + sumInPairs(values.subarray(half)));
}

export function strictlyInside(value: number, [low, high]: Range): boolean {
  return value > (low ?? -Infinity) && value < (high ?? Infinity);
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** qpos from entry `skip` on, then qvel, as a fresh array. */
export function positionsAndVelocities(simulation: Simulation, skip: number, speedLimit = Infinity): Float64Array {
  const qpos = simulation.view("qpos");
  const qvel = simulation.view("qvel");
  const positions = qpos.length - skip;
  const observation = new Float64Array(positions + qvel.length);
  for (let i = 0; i < positions; i++) observation[i] = qpos[skip + i]!;
  for (let i = 0; i < qvel.length; i++) observation[positions + i] = clip(qvel[i]!, -speedLimit, speedLimit);
  return observation;
}

/**
 * The state that `positionsAndVelocities` shows, the first `skip` entries of qpos at 0; entries after it are ignored.
 *
 * A velocity that was clipped is taken to be at its limit: how far beyond it was is not in the observation.
 */
export function stateOfPositionsAndVelocities(
  observation: ArrayLike<number>,
  { qpos0, nv }: Simulation,
  skip: number,
): MechanicalState {
  const positions = qpos0.length - skip;
  const seen = Float64Array.from(observation);
  const qpos = new Float64Array(qpos0.length);
  qpos.set(seen.subarray(0, positions), skip);
  return { qpos, qvel: seen.slice(positions, positions + nv) };
}
