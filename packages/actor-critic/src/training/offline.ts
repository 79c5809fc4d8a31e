import {
  type Checkpoint,
  type CompiledProgram,
  type DatasetInfo,
  type Dimensions,
  drawNoise,
  type Engine,
  type HostTensors,
  type PolicyFunction,
  Random,
  randomStateSchema,
  type TensorProgram,
  type TensorState,
  type TrainContext,
  type Trained,
  type Transitions,
  type TypedArray,
} from "@lowerbound/core";
import { z } from "zod";
import { createSampler } from "../replay/sample.js";
import { copyTensors, createTrainingEvaluation, evaluationsSchema, noEvaluations } from "./evaluate.js";
import { addMetrics, checkMetrics, checkState, emptyWindow, meansOf, windowSchema } from "./figures.js";
import { boxNotes } from "./outside-box.js";

/** A method that learns from stored transitions alone. */
export interface OfflineLearner {
  readonly policy: PolicyFunction;
  /** Fresh networks, and what they need to know of the data. */
  initialise(random: Random, transitions: Transitions, info: DatasetInfo): HostTensors;
  /** Updates that take turns, by inputs of a replay batch and noise; all on one state, all metrics scalars. */
  programs(dimensions: Dimensions, batch: number): readonly TensorProgram[];
}

const count = z.number().int().positive();

/** Options of training on stored transitions, shared by every method without a model. */
export const offlineShape = {
  batchSize: count.default(256).describe("transitions an update sees"),
  updates: count.default(1_000_000).describe("updates"),
  logEvery: count.default(1000).describe("updates between rows of figures"),
  checkpointEvery: count.default(5000).describe("updates between checkpoints"),
} as const;

const offlineOptions = z.object(offlineShape);
export type OfflineOptions = z.output<typeof offlineOptions>;

const positionSchema = z.object({
  update: z.number(),
  random: randomStateSchema,
  window: windowSchema,
  evaluations: evaluationsSchema,
});

interface Session {
  readonly state: TensorState;
  readonly random: Random;
  position: Omit<z.output<typeof positionSchema>, "random">;
}

/**
 * Train on the dataset alone, from the newest checkpoint if there is one, bit for bit.
 *
 * @throws NumericalError when a figure stops being usable; the last checkpoint stays good.
 */
export async function trainOffline(
  context: TrainContext,
  learner: OfflineLearner,
  options: OfflineOptions,
): Promise<Trained> {
  const { dataset, engine, run } = context;
  const transitions = await dataset.transitions();
  const dimensions = { observation: transitions.observation, action: transitions.action };
  for (const note of await boxNotes(dataset, transitions, learner.policy)) run.note(note);
  const session = await begin(context, learner, transitions);
  const programs = await compileOnce(engine, learner.programs(dimensions, options.batchSize));
  const step = stepper(session, programs, transitions, options.batchSize);
  const evaluation = createTrainingEvaluation(context, learner.policy, dimensions);
  const progress = run.progress("train", options.updates);
  try {
    session.position.evaluations = await evaluation.run(session.position, session.state);
    while (session.position.update < options.updates) {
      const metrics = await step();
      const update = session.position.update + 1;
      checkMetrics(metrics, session.state, update);
      session.position = { ...session.position, update, window: addMetrics(session.position.window, metrics) };
      progress.update(update, shown(meansOf(session.position.window)));
      await afterUpdate(context, session, options, evaluation);
    }
  } finally {
    progress.stop();
    for (const program of new Set(programs)) await program.dispose();
  }
  checkState(session.state, session.position.update);
  return trainedFrom(session);
}

const shown = (means: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(means).filter(([name]) => name === "loss" || name === "qMean"));

/** Compiled programs in the given order, each program once. */
async function compileOnce(engine: Engine, programs: readonly TensorProgram[]): Promise<readonly CompiledProgram[]> {
  const compiled = new Map<TensorProgram, CompiledProgram>();
  for (const program of new Set(programs)) compiled.set(program, await engine.compile(program));
  return programs.map((program) => compiled.get(program)!);
}

function stepper(
  { state, random, ...session }: Session,
  programs: readonly CompiledProgram[],
  transitions: Transitions,
  batch: number,
): () => Promise<HostTensors> {
  const sample = createSampler(transitions, { batch, real: batch });
  const noise: Record<string, TypedArray> = {};
  let update = session.position.update;
  return () => {
    const compiled = programs[update++ % programs.length]!;
    const rows = sample(random, transitions, transitions, transitions.count);
    return compiled.run(state, { ...rows, ...drawNoise(random, compiled.program.noise, noise) });
  };
}

function trainedFrom({ state, position: { update, evaluations } }: Session): Trained {
  return {
    tensors: copyTensors(state, [...state.keys()]),
    facts: {
      updates: update,
      evaluationsDuringTraining: evaluations.count,
      environmentStepsDuringTraining: evaluations.environmentSteps,
    },
  };
}

async function afterUpdate(
  { run }: TrainContext,
  session: Session,
  { logEvery, checkpointEvery }: OfflineOptions,
  evaluation: ReturnType<typeof createTrainingEvaluation>,
): Promise<void> {
  const { update, window } = session.position;
  if (update % logEvery === 0) {
    const alpha = session.state.get("alpha")?.data[0];
    run.log(update, { ...meansOf(window), ...(alpha === undefined ? {} : { alpha }) });
    session.position = { ...session.position, window: emptyWindow };
  }
  session.position.evaluations = await evaluation.run(session.position, session.state);
  if (run.signal.aborted || update % checkpointEvery === 0) {
    checkState(session.state, update);
    await run.checkpoint(toCheckpoint(session));
  }
  run.signal.throwIfAborted();
}

const toCheckpoint = ({ state, random, position }: Session): Checkpoint => ({
  step: position.update,
  tensors: Object.fromEntries(state),
  data: { ...position, random: { ...random.state() } },
});

async function begin(
  { dataset, random, run }: TrainContext,
  learner: OfflineLearner,
  transitions: Transitions,
): Promise<Session> {
  const checkpoint = await run.latest();
  if (checkpoint === undefined) {
    const initial = learner.initialise(random.stream("initialise"), transitions, await dataset.info());
    const position = { update: 0, window: emptyWindow, evaluations: noEvaluations };
    return { state: new Map(Object.entries(initial)), random: random.stream("updates"), position };
  }
  const { random: stream, ...position } = positionSchema.parse(checkpoint.data);
  return { state: new Map(Object.entries(checkpoint.tensors)), random: Random.fromState(stream), position };
}
