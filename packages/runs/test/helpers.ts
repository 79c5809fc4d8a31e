import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostTensors, hostFloat32, type LogRow } from "@lowerbound/core";
import { onTestFinished } from "vitest";

/** A fresh folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lowerbound-runs-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Two small tensors that tell steps apart. */
export const tensorsOf = (step: number): HostTensors => ({
  weights: hostFloat32(Float32Array.of(step, step / 3, -step), 3),
  counts: { dtype: "int32", shape: [2], data: Int32Array.of(step, 7) },
});

export const row = (phase: string, step: number, figures: LogRow["figures"], time = 1000 + step): LogRow => ({
  phase,
  step,
  time,
  figures,
});
