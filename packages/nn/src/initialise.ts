import { type HostTensor, hostFloat32, type Random, sizeOf } from "@lowerbound/core";

/** Names and shapes of one network's layers: sizes [in, hidden..., out]; with members a leading axis. */
export interface LayerShape {
  readonly input: number;
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/** Shapes of a multi-layer perceptron's layers: [in, out] and [1, out], with `members` [members, in, out] and [members, 1, out]. */
export function layerShapes(sizes: readonly number[], members?: number): readonly LayerShape[] {
  const lead = members === undefined ? [] : [members];
  return sizes.slice(0, -1).map((input, index) => {
    const output = sizes[index + 1]!;
    return { input, weight: [...lead, input, output], bias: [...lead, 1, output] };
  });
}

/**
 * Uniform between -1/sqrt(fanIn) and 1/sqrt(fanIn), what PyTorch gives a linear layer's weight and bias alike.
 *
 * Source: PyTorch 2, `torch.nn.Linear`.
 */
export function uniformFanIn(random: Random, shape: readonly number[], fanIn: number): HostTensor {
  const bound = 1 / Math.sqrt(fanIn);
  const data = random.uniform(new Float32Array(sizeOf(shape)));
  return hostFloat32(
    data.map((u) => (2 * u - 1) * bound),
    ...shape,
  );
}

/**
 * Normal of standard deviation 1/(2 sqrt(fanIn)), drawn again beyond two standard deviations.
 *
 * Source: PETS (Chua et al. 2018), whose code initialises its ensembles so; biases start at 0.
 */
export function truncatedNormalFanIn(random: Random, shape: readonly number[], fanIn: number): HostTensor {
  const std = 1 / (2 * Math.sqrt(fanIn));
  const data = new Float32Array(sizeOf(shape));
  const spare = new Float32Array(256);
  for (let filled = 0; filled < data.length; ) {
    for (const value of random.normal(spare)) {
      if (Math.abs(value) <= 2 && filled < data.length) data[filled++] = value * std;
    }
  }
  return hostFloat32(data, ...shape);
}
