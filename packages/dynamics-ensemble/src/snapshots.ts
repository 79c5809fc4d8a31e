import { type HostTensor, type HostTensors, hostFloat32, sizeOf, type TensorState } from "@lowerbound/core";

const BOUNDS = ["maxLogVar", "minLogVar"];

/**
 * Room for every member's best weights, with the log-variance bounds of that epoch: [members, 1, output].
 *
 * Public code puts back the layers alone and leaves the bounds at their last values, although a member's
 * log-variances mean nothing without the bounds that they were learnt with; here the snapshot is whole.
 */
export function emptySnapshots(trained: HostTensors, members: number): HostTensors {
  const entries = Object.entries(trained).map(([name, { shape }]) => {
    const kept = BOUNDS.includes(name) ? [members, 1, ...shape] : shape;
    return [name, hostFloat32(new Float32Array(sizeOf(kept)), ...kept)] as const;
  });
  return Object.fromEntries(entries);
}

/** Copy a member's present tensors into its snapshot. */
export function takeSnapshot(
  snapshots: HostTensors,
  state: TensorState | ReadonlyMap<string, HostTensor>,
  member: number,
): void {
  for (const [name, { shape, data }] of Object.entries(snapshots)) {
    const size = sizeOf(shape.slice(1));
    const now = state.get(name)!.data;
    const own = BOUNDS.includes(name) ? now : now.subarray(member * size, (member + 1) * size);
    (data as Float32Array).set(own, member * size);
  }
}
