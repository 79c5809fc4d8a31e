import * as tf from "@tensorflow/tfjs";

/**
 * Register for one backend every kernel that it lacks and another has; tensors are copied there and back.
 *
 * The WebAssembly backend 4.22 has no UnsortedSegmentSum, so that the gradient of a gather would fail there.
 */
export function borrowKernels(from: string, to: string): void {
  const own = new Set(tf.getKernelsForBackend(to).map(({ kernelName }) => kernelName));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend(from)) {
    if (own.has(kernelName)) continue;
    tf.registerKernel({ kernelName, backendName: to, kernelFunc: borrowed(kernelFunc, from) });
  }
}

function borrowed(kernelFunc: tf.KernelFunc, from: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const lender = tf.findBackend(from);
    const there = Object.entries(inputs).flatMap(([name, info]) =>
      info === undefined ? [] : [[name, moved(info, backend, lender)] as const],
    );
    const result = kernelFunc({ inputs: Object.fromEntries(there), backend: lender, ...(attrs && { attrs }) });
    const back = (info: tf.TensorInfo) => {
      const own = moved(info, lender, backend as tf.KernelBackend);
      lender.disposeData(info.dataId);
      return own;
    };
    const results = Array.isArray(result) ? result.map(back) : back(result);
    for (const [, { dataId }] of there) lender.disposeData(dataId);
    return results;
  };
}

function moved({ dataId, shape, dtype }: tf.TensorInfo, from: unknown, to: tf.KernelBackend): tf.TensorInfo {
  const values = (from as tf.KernelBackend).readSync(dataId);
  return { dataId: to.write(values, shape, dtype), shape, dtype };
}
