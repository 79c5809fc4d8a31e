import { drawNoise, type FitContext, type Fitted, NumericalError, type TypedArray } from "@lowerbound/core";
import { nonFiniteTensors, unflattenHost } from "@lowerbound/nn";
import { blockOf, type WindowBatch, windowBatch } from "../data/windows.js";
import type { TokenShape } from "../model/architecture.js";
import { targetWeights } from "../model/loss.js";
import { type NetworkShape, networkOf } from "../model/networks.js";
import { fittedTensors } from "../planning/fitted.js";
import { type HeldOutLoss, openHeldOutLoss } from "./held-out.js";
import { learningRateAfter } from "./learning-rate.js";
import type { TokenOptions } from "./options.js";
import { freshSession, fromCheckpoint, type Session, toCheckpoint } from "./session.js";
import { openStepper, type Stepper } from "./stepper.js";
import {
  fillBatch,
  meanTargets,
  TERMINAL_STEPS,
  type TokenData,
  type TokenDataOptions,
  tokenDataOf,
} from "./token-data.js";
import type { UpdateSizes } from "./update.js";

type FitOptions = TokenOptions & TokenDataOptions;

/** Arrays that every update fills anew. */
interface Buffers {
  readonly batch: WindowBatch;
  readonly numbers: Int32Array;
  readonly noise: Record<string, TypedArray>;
}

interface Training {
  readonly context: FitContext;
  readonly options: FitOptions;
  readonly data: TokenData;
  /** What a window brings to the count of tokens, on average. */
  readonly tokensOfWindow: number;
  readonly stepper: Stepper;
  readonly heldOut: HeldOutLoss | undefined;
  readonly session: Session;
  readonly buffers: Buffers;
}

/**
 * Train a network on windows drawn at random, from the newest checkpoint if there is one; `shapeOf` gives its sizes.
 *
 * @throws NumericalError naming tensors and update when the loss stops being finite; the last checkpoint stays good
 */
export async function fitTokens(
  given: TokenOptions,
  shapeOf: (tokens: TokenShape) => NetworkShape,
  context: FitContext,
): Promise<Fitted> {
  const options = { ...given, terminalSteps: context.asked?.includes(TERMINAL_STEPS) ?? false };
  const info = await context.dataset.info();
  const data = await tokenDataOf(context.dataset, options);
  const tokens = blockOf(data.window);
  const { width: transition } = data.window;
  const architecture = shapeOf({ transition, bins: options.bins, terminates: true, positions: tokens });
  const weights = targetWeights(options, { transition, actionSize: info.action });
  const sizes = { architecture, weights, batch: options.batchSize, tokens };
  const checkpoint = await context.run.latest();
  const session = checkpoint === undefined ? freshSession(architecture, context.random) : fromCheckpoint(checkpoint);
  const heldOutLoss = await opened({ context, options, data, session }, sizes);
  const { layouts } = networkOf(architecture);
  const cut = (name: "decayed" | "undecayed") =>
    unflattenHost(Float32Array.from(session.state.get(name)!.data), layouts[name]);
  return {
    tensors: fittedTensors({
      architecture,
      weights: { ...cut("decayed"), ...cut("undecayed") },
      discretiser: data.discretiser,
      sizes: { observation: info.observation, action: info.action },
      goals: options.goal !== undefined,
      stride: options.step,
      discount: options.discount,
    }),
    facts: {
      updates: session.position.update,
      tokens: session.position.tokens,
      windows: data.windows.count,
      parameters: layouts.decayed.size + layouts.undecayed.size,
      loss: session.position.loss,
      ...(heldOutLoss === undefined ? {} : { heldOutLoss }),
    },
  };
}

/** Train with programs that are given back whatever happens. @returns the loss on held-out episodes after the last step */
async function opened(
  training: Pick<Training, "context" | "options" | "data" | "session">,
  sizes: UpdateSizes,
): Promise<number | undefined> {
  const { context, options, data } = training;
  const stepper = await openStepper(context.engine, sizes, options);
  try {
    const heldOut = await heldOutOf(options, context, data, sizes);
    const buffers = {
      batch: windowBatch(options.batchSize, data.window),
      numbers: new Int32Array(options.batchSize),
      noise: {},
    };
    try {
      const tokensOfWindow = meanTargets(data);
      return await train(
        { ...training, tokensOfWindow, stepper, heldOut, buffers },
        networkOf(sizes.architecture).name,
      );
    } finally {
      await heldOut?.dispose();
    }
  } finally {
    await stepper.dispose();
  }
}

/** The loss on the held-out episodes, where there are any: windows of theirs, in the bins of the others. */
async function heldOutOf(
  options: FitOptions,
  { heldOut, engine, random }: FitContext,
  { discretiser }: TokenData,
  sizes: UpdateSizes,
): Promise<HeldOutLoss | undefined> {
  if (options.heldOut === undefined || heldOut === undefined) return undefined;
  const data = await tokenDataOf(heldOut, options, discretiser);
  return openHeldOutLoss(engine, data, { sizes, random: random.stream("held-out") });
}

/** @returns the loss on held-out episodes after the last step */
async function train(training: Training, name: string): Promise<number | undefined> {
  const { context, options, session, heldOut } = training;
  const { run } = context;
  const progress = run.progress(name, options.updates);
  try {
    while (session.position.update < options.updates) {
      await step(training);
      const { update } = session.position;
      if (update % options.logEvery === 0 || update === options.updates) logFigures(training);
      if (heldOut !== undefined && update % options.checkpointEvery === 0) {
        run.log(update, { heldOutLoss: await heldOut.measure(session.state) });
      }
      progress.update(update, session.position.loss === null ? {} : { loss: session.position.loss });
      if (run.signal.aborted || update % options.checkpointEvery === 0) await run.checkpoint(toCheckpoint(session));
      run.signal.throwIfAborted();
    }
    return await heldOut?.measure(session.state);
  } finally {
    progress.stop();
  }
}

/** The mean loss of the updates since figures were last logged. */
function logFigures(training: Training): void {
  const { context, options, session } = training;
  const { update, lossSum } = session.position;
  const loss = lossSum / (((update - 1) % options.logEvery) + 1);
  context.run.log(update, { loss, learningRate: rateOf(training) });
  session.position = { ...session.position, loss, lossSum: 0 };
}

const rateOf = ({
  options,
  tokensOfWindow,
  session,
}: Pick<Training, "options" | "tokensOfWindow" | "session">): number => {
  const finalTokens = options.updates * options.accumulate * options.batchSize * tokensOfWindow;
  const schedule = { warmupTokens: options.warmupShare * finalTokens, finalTokens, schedule: "settling" } as const;
  return learningRateAfter(session.position.tokens, { ...schedule, learningRate: options.learningRate });
};

async function step(training: Training): Promise<void> {
  const { data, stepper, session, buffers } = training;
  const next = () => {
    const { batch, numbers } = buffers;
    fillBatch(data, session.random.integers(numbers, data.windows.count), batch);
    const noise = drawNoise(session.random, stepper.noise, buffers.noise);
    const counted = batch.targets.reduce((sum, token) => sum + (token === data.window.terminationToken ? 0 : 1), 0);
    // The rate of a step counts its own tokens: the first one would be of no size otherwise.
    session.position = { ...session.position, tokens: session.position.tokens + counted };
    return { ...batch, ...noise };
  };
  const value = await stepper.step(session.state, next, () => rateOf(training));
  const update = session.position.update + 1;
  if (!Number.isFinite(value)) throw lost(session, update);
  session.position = { ...session.position, update, lossSum: session.position.lossSum + value };
}

function lost({ state }: Session, update: number): NumericalError {
  const tensors = nonFiniteTensors(state);
  return new NumericalError(`the sequence model's loss is not finite since update ${update}`, {
    where: `sequence: tensors ${(tensors.length > 0 ? tensors : ["loss"]).join(", ")}`,
    remedy: "look for huge values with `lowerbound data doctor`, or lower sequence.learningRate",
  });
}
