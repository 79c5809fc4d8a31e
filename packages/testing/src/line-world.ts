import { Random } from "@lowerbound/core";

/** Rows of a small logged task, as datasets in memory take them. */
export interface LineWorldRows {
  readonly name: string;
  readonly observation: number;
  readonly action: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly terminations: Uint8Array;
  readonly timeouts: Uint8Array;
  readonly nextObservations: Float32Array;
}

const EPISODE = 20;

/**
 * A point on a line, logged under random actions: x' = x + 0.5 a, reward 1 - x'^2; observation (x, x / 2).
 *
 * The behaviour leans towards 0 (a = -0.5 x + noise), so that its clone and its model have something to learn.
 */
export function lineWorld(steps: number, seed: number): LineWorldRows {
  const noise = Random.fromSeed(seed).normal(new Float32Array(2 * steps));
  const rows = {
    name: "line-world",
    observation: 2,
    action: 1,
    observations: new Float32Array(2 * steps),
    actions: new Float32Array(steps),
    rewards: new Float32Array(steps),
    terminations: new Uint8Array(steps),
    timeouts: new Uint8Array(steps),
    nextObservations: new Float32Array(2 * steps),
  };
  let x = 0;
  for (let step = 0; step < steps; step++) {
    if (step % EPISODE === 0) x = 2 * noise[2 * step]!;
    const action = Math.max(-1, Math.min(1, -0.5 * x + 0.3 * noise[2 * step + 1]!));
    const next = x + 0.5 * action;
    rows.observations.set([x, x / 2], 2 * step);
    rows.nextObservations.set([next, next / 2], 2 * step);
    rows.actions[step] = action;
    rows.rewards[step] = 1 - next * next;
    rows.timeouts[step] = step % EPISODE === EPISODE - 1 || step === steps - 1 ? 1 : 0;
    x = next;
  }
  return rows;
}
