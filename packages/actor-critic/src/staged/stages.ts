import type { Json, RunHandle } from "@lowerbound/core";
import { z } from "zod";

const stageSchema = z.looseObject({ stage: z.number(), results: z.array(z.json()) });

/** Where a training in stages stands: the stage, and what the finished ones came to. */
export interface StagePosition {
  readonly stage: number;
  readonly results: readonly Json[];
}

/** The stage that the newest checkpoint belongs to, or the first. */
export async function stageOf(run: RunHandle): Promise<StagePosition> {
  const checkpoint = await run.latest();
  return checkpoint === undefined ? { stage: 0, results: [] } : stageSchema.parse(checkpoint.data);
}

/**
 * A run as one stage of it sees it: checkpoints carry the stage and the results so far, and steps go on from the stages
 * before, so that the newest checkpoint is the one of the largest step.
 */
export function stageRun(
  run: RunHandle,
  { stage, results }: StagePosition,
  { offset, title }: { readonly offset: number; readonly title?: string },
): RunHandle {
  return {
    signal: run.signal,
    keep: (name, checkpoint) => run.keep(name, checkpoint),
    kept: (name) => run.kept(name),
    note: (message) => run.note(message),
    log: (step, figures) => run.log(offset + step, figures),
    checkpoint: ({ step, tensors, data }) =>
      run.checkpoint({ step: offset + step, tensors, data: { stage, results, inner: data } }),
    latest: async () => {
      const checkpoint = await run.latest();
      if (checkpoint === undefined || stageSchema.parse(checkpoint.data).stage !== stage) return undefined;
      const inner = checkpoint.data.inner as { readonly [key: string]: Json };
      return { step: checkpoint.step - offset, tensors: checkpoint.tensors, data: inner };
    },
    progress: (name, total) => run.progress(title ?? name, total),
  };
}
