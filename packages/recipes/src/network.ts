/** A dense layer: weight [inputs, outputs] row-major, bias [outputs]. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Dense layers with relu between them: one row in, one row out.
 *
 * Products are summed in double precision in one fixed order, and each layer's output is rounded to single precision:
 * nothing of a machine's vector instructions enters, so the result is the same everywhere.
 */
export function network(layers: readonly Layer[]): (input: Float32Array) => Float32Array {
  const widest = Math.max(...layers.map(({ inputs, outputs }) => Math.max(inputs, outputs)));
  const sums = new Float64Array(widest);
  const live = new Int32Array(widest);
  return (input) =>
    layers.reduce((row, layer, index) => {
      accumulate(layer, row, sums, live);
      return round(sums, layer.outputs, index < layers.length - 1);
    }, input);
}

// Half of the units are silent after a relu, and four rows of weights at a time halve the traffic on the sums.
function accumulate({ inputs, outputs, weight, bias }: Layer, row: Float32Array, sums: Float64Array, live: Int32Array) {
  let count = 0;
  for (let i = 0; i < inputs; i++) if (row[i] !== 0) live[count++] = i;
  sums.set(bias);
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const [a, b, c, d] = [live[k]!, live[k + 1]!, live[k + 2]!, live[k + 3]!];
    const [p, q, r, s] = [row[a]!, row[b]!, row[c]!, row[d]!];
    const [wa, wb, wc, wd] = [a * outputs, b * outputs, c * outputs, d * outputs];
    for (let j = 0; j < outputs; j++) {
      sums[j]! += p * weight[wa + j]! + q * weight[wb + j]! + r * weight[wc + j]! + s * weight[wd + j]!;
    }
  }
  for (; k < count; k++) {
    const [p, wa] = [row[live[k]!]!, live[k]! * outputs];
    for (let j = 0; j < outputs; j++) sums[j]! += p * weight[wa + j]!;
  }
}

function round(sums: Float64Array, outputs: number, relu: boolean): Float32Array {
  const out = new Float32Array(outputs);
  for (let j = 0; j < outputs; j++) out[j] = relu && sums[j]! < 0 ? 0 : sums[j]!;
  return out;
}
