import type { Random } from "@lowerbound/core";
import type { TabularMdp } from "./mdp.js";

export interface RandomMdpOptions {
  readonly states: number;
  readonly actions: number;
  readonly discount: number;
}

/** A process without terminal states: transitions and first states uniform on their simplices, rewards of [0, 1). */
export function randomMdp(random: Random, { states, actions, discount }: RandomMdpOptions): TabularMdp {
  return {
    states,
    actions,
    discount,
    transitions: randomDistributions(random, states * actions, states),
    rewards: Float64Array.from(random.uniform(new Float32Array(states * actions))),
    initial: randomDistributions(random, 1, states),
    terminal: new Uint8Array(states),
  };
}

/** Rows uniform on the simplex: normalised exponential draws. */
export function randomDistributions(random: Random, rows: number, width: number): Float64Array {
  const drawn = Float64Array.from(random.uniform(new Float32Array(rows * width)), (value) => -Math.log1p(-value));
  for (let row = 0; row < rows; row++) {
    const entries = drawn.subarray(row * width, (row + 1) * width);
    const sum = entries.reduce((total, value) => total + value, 0);
    entries.forEach((value, i) => {
      entries[i] = sum === 0 ? 1 / width : value / sum;
    });
  }
  return drawn;
}
