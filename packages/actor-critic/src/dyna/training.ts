import type { HostTensors, TrainContext, Transitions } from "@lowerbound/core";
import { fitNormaliser } from "../replay/normalise.js";
import { createTrainingEvaluation, type TrainingEvaluation } from "../training/evaluate.js";
import { boxNotes } from "../training/outside-box.js";
import { ruleAgainstLogNote } from "../training/rule-against-log.js";
import { createImagination, type Imagination } from "./imagine.js";
import { createLearner, modelUnseenNote, retainedRollouts } from "./learner.js";
import { createModelBuffer, type ModelBuffer } from "./model-buffer.js";
import { episodeStarts } from "./model-return.js";
import type { DynaOptions } from "./options.js";
import { type DynaParts, fittedState, type RolloutParts, rolloutPartsOf } from "./parts.js";
import { policyState, rolloutProgram } from "./rollout-program.js";
import { freshSession, fromCheckpoint, type Session } from "./session.js";
import { compileUpdate } from "./target-penalty.js";

/** Everything that the training loop works with. */
export interface Training {
  readonly context: TrainContext;
  readonly options: DynaOptions;
  readonly rolloutParts: RolloutParts;
  readonly starts: Float32Array;
  readonly session: Session;
  readonly buffer: ModelBuffer;
  readonly imagination: Imagination;
  readonly evaluation: TrainingEvaluation;
  /** Sample a batch, run one update and return its metrics. */
  readonly step: () => Promise<HostTensors>;
  readonly dispose: () => Promise<void>;
}

/** Compile the programs, and begin or restore the session; where that fails or is interrupted, none is left open. */
export async function prepareTraining(
  context: TrainContext,
  parts: DynaParts,
  options: DynaOptions,
): Promise<Training> {
  const opened: Disposable[] = [];
  const dispose = async () => {
    for (const each of opened.splice(0)) await each.dispose();
  };
  try {
    return { ...(await prepare(context, parts, options, opened)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Disposable {
  readonly dispose: () => Promise<void>;
}

async function prepare(
  context: TrainContext,
  parts: DynaParts,
  options: DynaOptions,
  opened: Disposable[],
): Promise<Omit<Training, "dispose">> {
  const { dataset, engine, random, run } = context;
  const transitions = await dataset.transitions();
  const { optimiser } = parts;
  const rolloutParts = await rolloutPartsOf(context, parts);
  const notes = [
    ...(await boxNotes(dataset, transitions, optimiser.policy)),
    await ruleAgainstLogNote(engine, rolloutParts.termination, transitions),
    modelUnseenNote(parts, options),
  ];
  for (const note of notes) if (note !== undefined) run.note(note);
  const { dimensions } = rolloutParts;
  const rollout = await engine.compile(rolloutProgram(rolloutParts, { rows: options.rolloutRows }));
  opened.push(rollout);
  const retained = retainedRollouts(parts, options);
  const buffer = createModelBuffer(dimensions, options.rolloutBatch * options.rolloutLength * retained);
  const update = await compileUpdate(engine, parts, rolloutParts, options);
  opened.push(update);
  const learner = await createLearner({ context, parts, update, options, dimensions, transitions, buffer });
  opened.push(learner);
  const fitted = fittedState(rolloutParts);
  const policyNames = Object.keys({ ...policyState(rolloutParts), ...optimiser.onPolicy?.value.state(dimensions) });
  const { signal } = run;
  const job = { program: rollout, options, data: transitions, buffer, random, fitted, policyNames, learner, signal };
  const imagination = createImagination(job);
  const session = await restore(context, parts, { imagination, dimensions, transitions });
  return {
    context,
    options,
    rolloutParts,
    starts: episodeStarts(transitions, options.modelReturnStarts),
    session,
    buffer,
    imagination,
    evaluation: createTrainingEvaluation(context, optimiser.policy, dimensions),
    step: () => learner.step(session),
  };
}

interface Restoring {
  readonly imagination: Imagination;
  readonly dimensions: RolloutParts["dimensions"];
  readonly transitions: Transitions;
}

async function restore(
  { run, random }: TrainContext,
  { optimiser, hooks, start }: DynaParts,
  { imagination, dimensions, transitions }: Restoring,
) {
  const checkpoint = await run.latest();
  if (checkpoint === undefined) {
    const scale = fitNormaliser(transitions.observations, dimensions.observation);
    const initial = optimiser.initialise(dimensions, random.stream("initialise"), hooks, scale);
    return freshSession({ ...initial, ...start }, random.stream("updates"));
  }
  const { session, recipes } = fromCheckpoint(checkpoint);
  await imagination.replay(recipes);
  return session;
}
