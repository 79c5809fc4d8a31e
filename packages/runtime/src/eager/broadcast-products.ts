import * as tf from "@tensorflow/tfjs";

const PRODUCT = "BatchMatMul";
const repaired = new Set<string>();

/**
 * Make products whose batch dimensions broadcast right on one backend.
 *
 * Kernels of `cpu` and `wasm` 4.22 take batch b of an operand with n of them as b modulo n, which is right only where its
 * dimensions are the last ones of the result's: of [2, 1] beside [2, 3] it takes the wrong matrices. There the operand is
 * repeated first.
 */
export function repairBroadcastProducts(backendName: string): void {
  if (repaired.has(backendName)) return;
  repaired.add(backendName);
  const kernel = tf.getKernel(PRODUCT, backendName);
  tf.unregisterKernel(PRODUCT, backendName);
  tf.registerKernel({ ...kernel, kernelFunc: repairing(kernel.kernelFunc, backendName) });
}

const repairing =
  (kernelFunc: tf.KernelFunc, backendName: string): tf.KernelFunc =>
  ({ inputs, attrs, backend: own }) => {
    const backend = own as tf.KernelBackend;
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const batches = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const whole = [a, b].map((operand) => repeated(operand, batches, { backendName, backend }));
    const result = kernelFunc({ inputs: { a: whole[0], b: whole[1] }, backend, ...(attrs && { attrs }) });
    for (const each of whole) {
      if (each !== a && each !== b) backend.disposeData(each.dataId);
    }
    return result;
  };

/** The shape that both dimensions broadcast to; that they do is checked by the product. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number) => shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => Math.max(at(a, axis), at(b, axis)));
}

/** The operand with all batches of its own, where the kernel would mistake them. */
function repeated(
  operand: tf.TensorInfo,
  batches: readonly number[],
  { backendName, backend }: { readonly backendName: string; readonly backend: tf.KernelBackend },
): tf.TensorInfo {
  const own = operand.shape.slice(0, -2);
  const first = own.findIndex((size) => size !== 1);
  const significant = first < 0 ? [] : own.slice(first);
  const last = batches.slice(batches.length - significant.length);
  if (significant.every((size, axis) => size === last[axis])) return operand;
  const shape = [
    ...batches.map((_, axis) => own[axis - (batches.length - own.length)] ?? 1),
    ...operand.shape.slice(-2),
  ];
  const reps = [...batches.map((size, axis) => size / shape[axis]!), 1, 1];
  const { kernelFunc } = tf.getKernel("Tile", backendName);
  const tiled = kernelFunc({ inputs: { x: { ...operand, shape } }, attrs: { reps }, backend });
  return tiled as tf.TensorInfo;
}
