import type { HostTensor } from "@lowerbound/core";

/** Names of the tensors that hold NaN or an infinity, in order. */
export function nonFiniteTensors(tensors: Iterable<readonly [string, HostTensor]>): readonly string[] {
  return [...tensors].filter(([, tensor]) => !allFinite(tensor)).map(([name]) => name);
}

function allFinite({ dtype, data }: HostTensor): boolean {
  if (dtype !== "float32") return true;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}
