import {
  type Dimensions,
  drawNoise,
  type HostTensors,
  type TrainContext,
  type Transitions,
  type TypedArray,
} from "@lowerbound/core";
import { createFreshRollout } from "../on-policy/fresh-rollout.js";
import { asOnPolicy } from "../on-policy/optimiser.js";
import { valuesProgram } from "../on-policy/values-program.js";
import { createSampler, realRows } from "../replay/sample.js";
import type { ModelBuffer } from "./model-buffer.js";
import type { DynaOptions } from "./options.js";
import type { DynaParts } from "./parts.js";
import type { Session } from "./session.js";
import type { ReadyUpdate } from "./target-penalty.js";

/** How an optimiser learns from the rollouts that the trainer makes. */
export interface Learner {
  /** Around each rollout into the buffer, a checkpoint's that is made again included. */
  readonly beforeRollout?: () => void;
  readonly afterRollout?: (acted: HostTensors) => Promise<void>;
  /** Sample a batch, run one update and return its metrics. */
  step(session: Session): Promise<HostTensors>;
  /** Dispose of what it compiled itself, which the update is not. */
  dispose(): Promise<void>;
}

export interface LearnerJob {
  readonly context: TrainContext;
  readonly parts: DynaParts;
  /** The optimiser's update, with what the trainer compiled into it. */
  readonly update: ReadyUpdate;
  readonly options: DynaOptions;
  readonly dimensions: Dimensions;
  readonly transitions: Transitions;
  readonly buffer: ModelBuffer;
}

/** The learner that the optimiser's kind of data asks for. */
export const createLearner = (job: LearnerJob): Promise<Learner> =>
  job.parts.optimiser.data === "on-policy" ? onPolicyLearner(job) : replayLearner(job);

/** Full-length rollouts that the buffer holds: an on-policy optimiser learns from the newest alone. */
export const retainedRollouts = ({ optimiser }: DynaParts, options: DynaOptions): number =>
  optimiser.data === "on-policy" ? 1 : options.retainedRollouts;

/** A sentence for the user where no batch has a row of the model; undefined where one has. */
export const modelUnseenNote = ({ optimiser }: DynaParts, { batchSize, realRatio }: DynaOptions): string | undefined =>
  optimiser.data === "replay" && realRows(batchSize, realRatio) === batchSize
    ? `realRatio ${realRatio}: every row of a batch is the data's, so that neither the model nor pessimism about it has any effect`
    : undefined;

async function replayLearner(job: LearnerJob): Promise<Learner> {
  const { update, options, dimensions, transitions, buffer } = job;
  const real = realRows(options.batchSize, options.realRatio);
  const sample = createSampler(dimensions, { batch: options.batchSize, real });
  const noise: Record<string, TypedArray> = {};
  return {
    step: ({ random, state }) => {
      const batch = sample(random, transitions, buffer.ring.rows, buffer.ring.size());
      return update.run(state, { ...batch, ...drawNoise(random, update.noise, noise) });
    },
    dispose: async () => {},
  };
}

async function onPolicyLearner(job: LearnerJob): Promise<Learner> {
  const { context, parts, update, options, dimensions, buffer } = job;
  const { engine } = context;
  const optimiser = asOnPolicy(parts.optimiser);
  const program = await engine.compile(valuesProgram(dimensions, optimiser, options.rolloutRows));
  const fresh = createFreshRollout({
    program,
    ring: buffer.ring,
    starts: options.rolloutBatch,
    rolloutLength: options.rolloutLength,
    batchSize: options.batchSize,
    random: context.random.stream("mini-batches"),
    discount: optimiser.discount,
    traceDecay: optimiser.onPolicy.traceDecay,
  });
  const noise: Record<string, TypedArray> = {};
  return {
    beforeRollout: () => buffer.ring.seek(0, 0),
    afterRollout: fresh.prepare,
    step: ({ state, random, position }) => {
      const index = position.update % options.rolloutFrequency;
      const batch = fresh.batch(index, position.update - index);
      return update.run(state, { ...batch, ...drawNoise(random, update.noise, noise) });
    },
    dispose: () => program.dispose(),
  };
}
