import {
  type CompiledProgram,
  drawNoise,
  type HostTensors,
  type Random,
  type TensorState,
  type TypedArray,
} from "@lowerbound/core";
import type { ReplayRows } from "../replay/rows.js";
import { gatherColumns } from "../replay/sample.js";
import { copyTensors } from "../training/evaluate.js";
import type { Learner } from "./learner.js";
import type { ModelBuffer, RolloutRecipe } from "./model-buffer.js";
import type { DynaOptions } from "./options.js";
import { type RolloutFigures, rollOut } from "./rollout.js";

export interface Imagination {
  /** A rollout with the present policy, into the buffer. */
  rollOut(update: number, state: TensorState): Promise<RolloutFigures>;
  /** Make rollouts of a checkpoint again, in order. */
  replay(recipes: readonly RolloutRecipe[]): Promise<void>;
}

export interface ImaginationJob {
  readonly program: CompiledProgram;
  readonly options: DynaOptions;
  readonly data: ReplayRows;
  readonly buffer: ModelBuffer;
  /** Root of the rollouts' streams. */
  readonly random: Random;
  /** Fitted tensors of model and penalty, as the program names them. */
  readonly fitted: HostTensors;
  readonly policyNames: readonly string[];
  readonly learner: Pick<Learner, "beforeRollout" | "afterRollout">;
  readonly signal: AbortSignal;
}

/** Rollouts from states of the dataset; each a function of its number of updates and its policy. */
export function createImagination(job: ImaginationJob): Imagination {
  const { program, options, data, buffer, fitted, policyNames, learner, signal } = job;
  const noise: Record<string, TypedArray> = {};
  const run = async (update: number, policy: HostTensors): Promise<RolloutFigures> => {
    learner.beforeRollout?.();
    const random = job.random.stream(`rollout ${update}`);
    const { pointer, size } = { pointer: buffer.ring.pointer(), size: buffer.ring.size() };
    const figures = await rollOut({
      program,
      state: new Map(Object.entries({ ...fitted, ...policy })),
      rows: options.rolloutRows,
      starts: drawStarts(random, data, options.rolloutBatch),
      rolloutLength: options.rolloutLength,
      draw: () => drawNoise(random, program.program.noise, noise),
      store: (block) => buffer.ring.add(block, block.count),
      signal,
    });
    buffer.note({ update, pointer, size, transitions: figures.transitions, policy });
    await learner.afterRollout?.(policy);
    return figures;
  };
  return {
    rollOut: (update, state) => run(update, copyTensors(state, policyNames)),
    replay: async (recipes) => {
      for (const { update, pointer, size, policy } of recipes) {
        buffer.ring.seek(pointer, size);
        await run(update, policy);
      }
    },
  };
}

function drawStarts(random: Random, { observation, observations, count }: ReplayRows, starts: number): Float32Array {
  const picks = random.integers(new Int32Array(starts), count);
  const into = new Float32Array(starts * observation);
  gatherColumns(observations, observation, picks, 0, into);
  return into;
}
