import {
  type CompiledProgram,
  drawNoise,
  type FitContext,
  type Fitted,
  NumericalError,
  type TypedArray,
} from "@lowerbound/core";
import { nonFiniteTensors, unflattenHost } from "@lowerbound/nn";
import { blockOf, type WindowBatch, windowBatch } from "../data/windows.js";
import type { Architecture } from "../model/architecture.js";
import { targetWeights } from "../model/loss.js";
import { gptLayouts } from "../model/parameters.js";
import { fittedTensors } from "../planning/fitted.js";
import { learningRateAfter } from "./learning-rate.js";
import type { TransformerOptions } from "./options.js";
import { freshSession, fromCheckpoint, type Session, toCheckpoint } from "./session.js";
import { fillBatch, type TokenData, tokenDataOf } from "./token-data.js";
import { gptUpdateProgram } from "./update.js";

/** Arrays that every update fills anew. */
interface Buffers {
  readonly batch: WindowBatch;
  readonly numbers: Int32Array;
  readonly noise: Record<string, TypedArray>;
}

interface Training {
  readonly context: FitContext;
  readonly options: TransformerOptions;
  readonly data: TokenData;
  readonly program: CompiledProgram;
  readonly session: Session;
  readonly buffers: Buffers;
}

/**
 * Train on windows drawn at random, from the newest checkpoint if there is one.
 *
 * @throws NumericalError naming tensors and update when the loss stops being finite; the last checkpoint stays good
 */
export async function fitTransformer(options: TransformerOptions, context: FitContext): Promise<Fitted> {
  const { dataset, engine, random, run } = context;
  const info = await dataset.info();
  const sizes = { observation: info.observation, action: info.action };
  const data = await tokenDataOf(dataset, options);
  const tokens = blockOf(data.window);
  const architecture: Architecture = { ...options, transition: data.window.width, terminates: true, positions: tokens };
  const weights = targetWeights(options, { transition: architecture.transition, actionSize: info.action });
  const update = gptUpdateProgram({ architecture, weights, batch: options.batchSize, tokens }, options);
  const program = await engine.compile(update);
  const checkpoint = await run.latest();
  const session = checkpoint === undefined ? freshSession(architecture, random) : fromCheckpoint(checkpoint);
  const buffers = {
    batch: windowBatch(options.batchSize, data.window),
    numbers: new Int32Array(options.batchSize),
    noise: {},
  };
  await train({ context, options, data, program, session, buffers }).finally(() => program.dispose());
  const layouts = gptLayouts(architecture);
  const cut = (name: "decayed" | "undecayed") =>
    unflattenHost(Float32Array.from(session.state.get(name)!.data), layouts[name]);
  const parameters = { ...cut("decayed"), ...cut("undecayed") };
  return {
    tensors: fittedTensors({
      architecture,
      weights: parameters,
      discretiser: data.discretiser,
      sizes,
      goals: options.goal !== undefined,
    }),
    facts: {
      updates: session.position.update,
      tokens: session.position.tokens,
      windows: data.windows.count,
      parameters: layouts.decayed.size + layouts.undecayed.size,
      loss: session.position.loss,
    },
  };
}

async function train(training: Training): Promise<void> {
  const { context, options, session } = training;
  const { run } = context;
  const progress = run.progress("trajectory transformer", options.updates);
  try {
    while (session.position.update < options.updates) {
      await step(training);
      const { update } = session.position;
      if (update % options.logEvery === 0 || update === options.updates) logFigures(training);
      progress.update(update, session.position.loss === null ? {} : { loss: session.position.loss });
      if (run.signal.aborted || update % options.checkpointEvery === 0) await run.checkpoint(toCheckpoint(session));
      run.signal.throwIfAborted();
    }
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

const rateOf = ({ options, data, session }: Pick<Training, "options" | "data" | "session">): number => {
  const finalTokens = options.updates * options.batchSize * blockOf(data.window);
  const schedule = { warmupTokens: options.warmupShare * finalTokens, finalTokens, schedule: "settling" } as const;
  return learningRateAfter(session.position.tokens, { ...schedule, learningRate: options.learningRate });
};

async function step(training: Training): Promise<void> {
  const { data, program, session, buffers } = training;
  const { batch, numbers } = buffers;
  fillBatch(data, session.random.integers(numbers, data.windows.count), batch);
  const noise = drawNoise(session.random, program.program.noise, buffers.noise);
  const counted = batch.targets.reduce((sum, token) => sum + (token === data.window.terminationToken ? 0 : 1), 0);
  // The rate of a step counts its own tokens: the first one would be of no size otherwise.
  session.position = { ...session.position, tokens: session.position.tokens + counted };
  const { loss } = await program.run(session.state, {
    tokens: batch.tokens,
    targets: batch.targets,
    mask: batch.mask,
    learningRate: Float32Array.of(rateOf(training)),
    ...noise,
  });
  const value = loss!.data[0]!;
  const update = session.position.update + 1;
  if (!Number.isFinite(value)) throw lost(session, update);
  session.position = { ...session.position, update, lossSum: session.position.lossSum + value };
}

function lost({ state }: Session, update: number): NumericalError {
  const tensors = nonFiniteTensors(state);
  return new NumericalError(`the transformer's loss is not finite since update ${update}`, {
    where: `sequence: tensors ${(tensors.length > 0 ? tensors : ["loss"]).join(", ")}`,
    remedy: "look for huge values with `lowerbound data doctor`, or lower sequence.learningRate",
  });
}
