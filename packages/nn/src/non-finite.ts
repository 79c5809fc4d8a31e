import type { HostTensor } from "@lowerbound/core";

/** Name of the first tensor that holds NaN or an infinity, or undefined. */
export function nonFiniteTensor(tensors: Iterable<readonly [string, HostTensor]>): string | undefined {
  for (const [name, { dtype, data }] of tensors) {
    if (dtype !== "float32") continue;
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return name;
  }
  return undefined;
}
