// A point on a line, logged under actions of all sizes.
import { Random } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";

/**
 * x' = x + 0.5 a, reward 1 - x'^2, observation (x, x / 2); actions uniform in [-1, 1], episodes of `episode` steps from a
 * place uniform in [-2, 2].
 */
export function wideLine(steps: number, episode: number) {
  const uniform = Random.fromSeed(1).uniform(new Float32Array(2 * steps));
  const actions = Float32Array.from({ length: steps }, (_, step) => 2 * uniform[2 * step]! - 1);
  const positions = new Float32Array(steps);
  const next = new Float32Array(steps);
  for (let step = 0; step < steps; step++) {
    positions[step] = step % episode === 0 ? 4 * uniform[2 * step + 1]! - 2 : next[step - 1]!;
    next[step] = positions[step]! + 0.5 * actions[step]!;
  }
  const both = (x: Float32Array) => Float32Array.from({ length: 2 * steps }, (_, i) => x[i >> 1]! / (1 + (i % 2)));
  return inMemoryDataset({
    name: "wide-line",
    observation: 2,
    action: 1,
    observations: both(positions),
    nextObservations: both(next),
    actions,
    rewards: next.map((x) => 1 - x * x),
    terminations: new Uint8Array(steps),
    timeouts: Uint8Array.from({ length: steps }, (_, step) => (step % episode === episode - 1 ? 1 : 0)),
  });
}
