/**
 * Return of what follows each step, [steps]: sum over k >= 1 of discount^(k - 1) times the reward of step t + k.
 *
 * It leaves out the step's own reward, and adds nothing where the episode was cut.
 * Source: Trajectory Transformer (Janner et al. 2021), section 2.
 */
export function returnsToGo(rewards: ArrayLike<number>, discount: number): Float64Array {
  const values = new Float64Array(rewards.length);
  for (let step = rewards.length - 2; step >= 0; step--) {
    values[step] = rewards[step + 1]! + discount * values[step + 1]!;
  }
  return values;
}
