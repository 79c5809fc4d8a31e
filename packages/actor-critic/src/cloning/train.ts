import { type Checkpoint, Random, type TensorState, type TrainContext, type Trained } from "@lowerbound/core";
import { z } from "zod";
import { fitNormaliser } from "../replay/normalise.js";
import { gatherColumns } from "../replay/sample.js";
import { copyTensors, createTrainingEvaluation, evaluationsSchema, noEvaluations } from "../training/evaluate.js";
import {
  addMetrics,
  checkMetrics,
  checkState,
  emptyWindow,
  meansOf,
  randomSchema,
  windowSchema,
} from "../training/figures.js";
import type { CloningOptions } from "./options.js";
import { cloningPolicy } from "./policy.js";
import { cloningProgram, initialiseCloning } from "./program.js";

const positionSchema = z.object({
  update: z.number(),
  random: randomSchema,
  window: windowSchema,
  evaluations: evaluationsSchema,
});

interface Session {
  readonly state: TensorState;
  readonly random: Random;
  position: Omit<z.output<typeof positionSchema>, "random">;
}

/**
 * Fit a policy to the dataset's actions, from the newest checkpoint if there is one.
 *
 * @throws NumericalError when the loss stops being usable; the last checkpoint stays good.
 */
export async function trainCloning(context: TrainContext, options: CloningOptions): Promise<Trained> {
  const { dataset, engine, run } = context;
  const transitions = await dataset.transitions();
  const { observation, action, observations, actions, count } = transitions;
  const dimensions = { observation, action };
  const session = await begin(context, options, () => fitNormaliser(observations, observation));
  const program = await engine.compile(cloningProgram(dimensions, options, options.batchSize));
  const evaluation = createTrainingEvaluation(context, cloningPolicy(options), dimensions);
  const progress = run.progress("train", options.updates);
  const [picks, batch] = [new Int32Array(options.batchSize), emptyInputs(dimensions, options.batchSize)];
  try {
    while (session.position.update < options.updates) {
      session.random.integers(picks, count);
      gatherColumns(observations, observation, picks, 0, batch.observation);
      gatherColumns(actions, action, picks, 0, batch.action);
      const metrics = await program.run(session.state, batch);
      const update = session.position.update + 1;
      checkMetrics(metrics, session.state, update);
      session.position = { ...session.position, update, window: addMetrics(session.position.window, metrics) };
      progress.update(update, meansOf(session.position.window));
      await afterUpdate(context, session, options, evaluation);
    }
  } finally {
    progress.stop();
    await program.dispose();
  }
  checkState(session.state, session.position.update);
  const { update, evaluations } = session.position;
  return {
    tensors: copyTensors(session.state, [...session.state.keys()]),
    facts: {
      updates: update,
      evaluationsDuringTraining: evaluations.count,
      environmentStepsDuringTraining: evaluations.environmentSteps,
    },
  };
}

const emptyInputs = ({ observation, action }: { observation: number; action: number }, rows: number) => ({
  observation: new Float32Array(rows * observation),
  action: new Float32Array(rows * action),
});

async function afterUpdate(
  { run }: TrainContext,
  session: Session,
  { logEvery, checkpointEvery }: CloningOptions,
  evaluation: ReturnType<typeof createTrainingEvaluation>,
): Promise<void> {
  const { update, window } = session.position;
  if (update % logEvery === 0) {
    run.log(update, meansOf(window));
    session.position = { ...session.position, window: emptyWindow };
  }
  if (evaluation.due(update)) {
    const evaluations = await evaluation.run(update, session.state, session.position.evaluations);
    session.position = { ...session.position, evaluations };
  }
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
  options: CloningOptions,
  scale: () => ReturnType<typeof fitNormaliser>,
): Promise<Session> {
  const checkpoint = await run.latest();
  if (checkpoint === undefined) {
    const { observation, action } = await dataset.info();
    const initial = initialiseCloning(random.stream("initialise"), { observation, action }, options, scale());
    const position = { update: 0, window: emptyWindow, evaluations: noEvaluations };
    return { state: new Map(Object.entries(initial)), random: random.stream("updates"), position };
  }
  const { random: stream, ...position } = positionSchema.parse(checkpoint.data);
  return { state: new Map(Object.entries(checkpoint.tensors)), random: Random.fromState(stream), position };
}
