/** Transitions of a rollout from many states at once: all rows of the first step, then those of the second that still go on, ... */
export interface RolledOut {
  /** Start states, and steps after which rows that go on are cut. */
  readonly starts: number;
  readonly rolloutLength: number;
  /** [count] each; terminations are 1 at terminal states. */
  readonly rewards: Float32Array;
  readonly terminations: Float32Array | Uint8Array;
  /** Values of observation and of next observation, [count]. */
  readonly values: Float32Array;
  readonly nextValues: Float32Array;
}

export interface Discounting {
  readonly discount: number;
  /** Lambda: 0 trusts the values after one step, 1 the rewards to the end. */
  readonly traceDecay: number;
}

/** [count] each. */
export interface Advantages {
  readonly advantages: Float32Array;
  /** What the values should have been: advantage and value together. */
  readonly targets: Float32Array;
}

/**
 * Generalised advantage estimation, A_t = delta_t + discount traceDecay A_{t+1} with
 * delta_t = r_t + discount V(s_{t+1}) - V(s_t); nothing comes after a terminal state, and V after a cut.
 *
 * Source: GAE (Schulman et al. 2016), equation 16.
 */
export function estimateAdvantages(rollout: RolledOut, { discount, traceDecay }: Discounting): Advantages {
  const { rewards, terminations, values, nextValues } = rollout;
  const count = rewards.length;
  const advantages = new Float32Array(count);
  const targets = new Float32Array(count);
  const bounds = stepBounds(rollout);
  for (let step = bounds.length - 2; step >= 0; step--) {
    let following = bounds[step + 1]!;
    const isLast = step === bounds.length - 2;
    for (let row = bounds[step]!; row < bounds[step + 1]!; row++) {
      const ends = terminations[row] === 1;
      const after = ends || isLast ? 0 : advantages[following++]!;
      const next = ends ? 0 : nextValues[row]!;
      const advantage = rewards[row]! + discount * next - values[row]! + discount * traceDecay * after;
      advantages[row] = advantage;
      targets[row] = advantage + values[row]!;
    }
  }
  return { advantages, targets };
}

/** First row of each step, and the end: rows that ended are not in the next step. */
function stepBounds({ starts, rolloutLength, terminations }: RolledOut): readonly number[] {
  const bounds = [0, starts];
  for (let alive = starts; bounds.length <= rolloutLength; ) {
    const [from, to] = [bounds.at(-2)!, bounds.at(-1)!];
    for (let row = from; row < to; row++) alive -= terminations[row]!;
    if (alive === 0) break;
    bounds.push(to + alive);
  }
  return bounds;
}

/** Less their mean, over their spread: the size of a step should not depend on the unit of the reward. */
export function standardise(values: Float32Array): Float32Array {
  const count = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / count;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / count;
  const spread = Math.sqrt(variance) + 1e-8;
  return values.map((value) => (value - mean) / spread);
}
