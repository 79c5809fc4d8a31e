import { type HostTensors, NumericalError, type TensorState } from "@lowerbound/core";
import { nonFiniteTensors } from "@lowerbound/nn";
import { z } from "zod";

/** Sums over a window of updates, and how many updates put each out; plain numbers, so that a resumed run logs the same. */
export const windowSchema = z.object({
  counts: z.record(z.string(), z.number()).readonly(),
  sums: z.record(z.string(), z.number()).readonly(),
});
export type Window = z.output<typeof windowSchema>;

export const emptyWindow: Window = { counts: {}, sums: {} };

/** Add an update's scalar outputs. */
export function addMetrics({ counts, sums }: Window, metrics: HostTensors): Window {
  const next = { counts: { ...counts }, sums: { ...sums } };
  for (const [name, { data }] of Object.entries(metrics)) {
    next.sums[name] = (next.sums[name] ?? 0) + data[0]!;
    next.counts[name] = (next.counts[name] ?? 0) + 1;
  }
  return next;
}

export const meansOf = ({ counts, sums }: Window): Record<string, number> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / counts[name]!]));

/** Losses and values beyond this have exploded; rewards of a step are of the order of 1 to 10. */
const EXPLODED = 1e12;

/** @throws NumericalError naming figure, tensor and update when a figure is not finite, or has exploded. */
export function checkMetrics(metrics: HostTensors, state: TensorState, update: number): void {
  for (const [name, { data }] of Object.entries(metrics)) {
    const value = data[0]!;
    if (Math.abs(value) <= EXPLODED) continue;
    const what = Number.isFinite(value) ? `exploded to ${value.toPrecision(3)}` : `is ${value}`;
    throw trouble(`${name} ${what} since update ${update}`, nonFiniteTensors(state));
  }
}

/** @throws NumericalError naming the tensor, so that no checkpoint holds what is lost already. */
export function checkState(state: TensorState, update: number): void {
  const tensors = nonFiniteTensors(state);
  if (tensors.length > 0) throw trouble(`NaN or infinite since update ${update} or shortly before`, tensors);
}

const trouble = (what: string, tensors: readonly string[]): NumericalError =>
  new NumericalError(what, {
    where: tensors.length === 0 ? "train" : `train: tensors ${tensors.join(", ")}`,
    expected: "finite numbers of a usable size",
    remedy:
      "the last good checkpoint is kept; see in metrics.jsonl what grew first, then lower the learning rates or, in a " +
      "model, shorten rolloutLength or make the algorithm more pessimistic",
  });
