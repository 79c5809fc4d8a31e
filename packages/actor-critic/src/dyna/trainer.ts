import { finiteOrNull, type TrainContext, type Trained } from "@lowerbound/core";
import { addMetrics, checkMetrics, checkState, emptyWindow, meansOf } from "../training/figures.js";
import { checkPenalties } from "./check-penalties.js";
import { modelReturns } from "./model-return.js";
import type { DynaOptions } from "./options.js";
import { overweightNote } from "./overweight.js";
import { checkParts, type DynaParts } from "./parts.js";
import type { RolloutFigures } from "./rollout.js";
import { toCheckpoint } from "./session.js";
import { prepareTraining, type Training } from "./training.js";

/**
 * Train a policy on the dataset and on short rollouts in the learnt model: the one trainer of all Dyna-style algorithms.
 *
 * Goes on from the newest checkpoint, bit for bit. Source: MBPO (Janner et al. 2019), algorithm 2, offline as in MOPO.
 * @throws CapabilityError or ConfigError for parts and options that do not fit; NumericalError when a figure stops being
 * usable.
 */
export async function trainDyna(context: TrainContext, parts: DynaParts, options: DynaOptions): Promise<Trained> {
  checkParts(parts, options);
  const training = await prepareTraining(context, parts, options);
  const { session, evaluation, dispose } = training;
  const progress = context.run.progress("train", options.updates);
  try {
    session.position.evaluations = await evaluation.run(session.position, session.state);
    while (session.position.update < options.updates) {
      await updateOnce(training);
      const { update, window, rollout, evaluations } = session.position;
      const { qMean } = meansOf(window);
      progress.update(update, { ...shown({ q: qMean }), ...shown(rollout), ...shown({ best: evaluations.best }) });
    }
    return await finish(training, parts);
  } finally {
    progress.stop();
    await dispose();
  }
}

const shown = (figures: Readonly<Record<string, number | null | undefined>>): Record<string, number> => {
  const entries = Object.entries(figures).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return Object.fromEntries(entries.filter(([name]) => name === "q" || name === "best" || name === "modelReward"));
};

async function updateOnce(training: Training): Promise<void> {
  const { session, options, step, evaluation } = training;
  const { run } = training.context;
  if (session.position.update % options.rolloutFrequency === 0) {
    const rollout = await rollOutOrSave(training);
    const note = checkPenalties(rollout);
    // Once: what a penalty is below 0 for, it mostly is from the first rollout on.
    if (note !== undefined && session.position.update === 0) run.note(note);
    session.position.rollout = rolloutFigures(rollout);
  }
  const metrics = await step();
  const update = session.position.update + 1;
  checkMetrics(metrics, session.state, update);
  session.position = { ...session.position, update, window: addMetrics(session.position.window, metrics) };
  if (update % options.logEvery === 0) logFigures(training);
  session.position.evaluations = await evaluation.run(session.position, session.state);
  if (run.signal.aborted || update % options.checkpointEvery === 0) await save(training);
  run.signal.throwIfAborted();
}

/** The rollout that is due; one that the run's signal stops is made again, the same, from a checkpoint of before it. */
async function rollOutOrSave(training: Training): Promise<RolloutFigures> {
  const { session, imagination, context } = training;
  const { signal } = context.run;
  try {
    return await imagination.rollOut(session.position.update, session.state);
  } catch (error) {
    if (signal.aborted && error === signal.reason) await save(training);
    throw error;
  }
}

async function save({ session, buffer, context }: Training): Promise<void> {
  checkState(session.state, session.position.update);
  await context.run.checkpoint(toCheckpoint(session, buffer.recipes()));
}

function logFigures({ context, session }: Training): void {
  const { update, window, rollout, evaluations } = session.position;
  const alpha = session.state.get("alpha")?.data[0];
  const { environmentSteps } = evaluations;
  context.run.log(update, {
    ...meansOf(window),
    ...(alpha === undefined ? {} : { alpha }),
    ...Object.fromEntries(Object.entries(rollout).map(([name, figure]) => [name, figure ?? Number.NaN])),
    environmentSteps,
  });
  session.position = { ...session.position, window: emptyWindow };
}

function rolloutFigures(rollout: RolloutFigures): Record<string, number | null> {
  const { transitions, steps, modelReward, reward, penalty, terminations } = rollout;
  return {
    modelReward: finiteOrNull(modelReward / transitions),
    reshapedReward: finiteOrNull(reward / transitions),
    penalty: finiteOrNull(penalty / transitions),
    rolloutTerminations: terminations / transitions,
    rolloutTransitions: transitions,
    rolloutSteps: steps,
  };
}

async function finish(training: Training, { hooks }: DynaParts): Promise<Trained> {
  const { context, options, rolloutParts, starts, session } = training;
  const { engine, random } = context;
  checkState(session.state, session.position.update);
  const tensors = Object.fromEntries(
    [...session.state].map(([name, host]) => [name, { ...host, data: host.data.slice() }]),
  );
  const horizon = options.modelReturnHorizon;
  const job = { engine, parts: rolloutParts, tensors, starts, horizon, random: random.stream("model return") };
  const returns = await modelReturns(job);
  const { evaluations, update, rollout } = session.position;
  const note = hooks.targetPenaltyCoefficient === undefined ? undefined : overweightNote(rollout);
  if (note !== undefined) context.run.note(note);
  return {
    tensors,
    facts: {
      updates: update,
      modelReturn: mean(returns.modelReturns),
      reshapedModelReturn: mean(returns.reshapedReturns),
      modelReturnHorizon: horizon,
      modelReturnStarts: starts.length / rolloutParts.dimensions.observation,
      evaluationsDuringTraining: evaluations.count,
      environmentStepsDuringTraining: evaluations.environmentSteps,
      lastRollout: rollout,
    },
  };
}

/** The mean, or null where the model ran off to infinity. */
const mean = (values: Float64Array): number | null =>
  finiteOrNull(values.reduce((total, each) => total + each, 0) / values.length);
