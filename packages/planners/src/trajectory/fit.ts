/** A normal distribution of each action of a sequence [horizon, action]; dispersion is a variance unless said otherwise. */
export interface SequenceDistribution {
  readonly mean: Float64Array;
  readonly dispersion: Float64Array;
}

/** Sequences [count, horizon, action] of the chosen indices, in their order. */
export function takeSequences(sequences: Float32Array, length: number, indices: readonly number[]): Float32Array {
  const taken = new Float32Array(indices.length * length);
  indices.forEach((index, i) => {
    taken.set(sequences.subarray(index * length, (index + 1) * length), i * length);
  });
  return taken;
}

/** Mean and variance of sequences [count, length] at each entry, the variance by division by count - `lost`. */
export function momentsOf(sequences: Float32Array, length: number, lost: 0 | 1): SequenceDistribution {
  const count = sequences.length / length;
  const mean = new Float64Array(length);
  const dispersion = new Float64Array(length);
  for (let i = 0; i < sequences.length; i++) mean[i % length]! += sequences[i]! / count;
  // One sequence has no variance: division by 1 keeps it 0 instead of NaN.
  const divisor = Math.max(count - lost, 1);
  for (let i = 0; i < sequences.length; i++)
    dispersion[i % length]! += (sequences[i]! - mean[i % length]!) ** 2 / divisor;
  return { mean, dispersion };
}

/** `momentum` of the old distribution and the rest of the new one. */
export function blend(old: SequenceDistribution, fresh: SequenceDistribution, momentum: number): SequenceDistribution {
  const mix = (a: Float64Array, b: Float64Array) => a.map((value, i) => momentum * value + (1 - momentum) * b[i]!);
  return { mean: mix(old.mean, fresh.mean), dispersion: mix(old.dispersion, fresh.dispersion) };
}

/** (high - low)^2 / 16 at each entry: the box is four standard deviations wide. */
export function boxVariance(
  { actionSize, low, high }: { actionSize: number; low: Float32Array; high: Float32Array },
  horizon: number,
): Float64Array {
  return Float64Array.from({ length: horizon * actionSize }, (_, i) => {
    const a = i % actionSize;
    return (high[a]! - low[a]!) ** 2 / 16;
  });
}
