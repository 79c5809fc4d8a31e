import type { Algorithm, Trained } from "../contracts/algorithm.js";
import type { Dataset } from "../contracts/dataset.js";
import type { Engine } from "../contracts/engine.js";
import type { EvaluationResult, Evaluator } from "../contracts/evaluator.js";
import type { Fitted } from "../contracts/fit.js";
import { finiteOrNull } from "../finite.js";
import { Random } from "../rng/random.js";

/** What the learnt model promises, from the starts and over the horizon of the evaluation; null where it diverged. */
export interface ImaginedReturns {
  readonly returns: readonly (number | null)[];
  /** Null if an episode diverged. */
  readonly mean: number | null;
}

/** The last policy in truth and, where the algorithm has a model, in the model. */
export interface Measured {
  readonly evaluation: EvaluationResult | undefined;
  readonly imagined: ImaginedReturns | undefined;
}

export interface MeasureContext {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly trained: Trained;
  readonly fitted: (kindName: string) => Fitted;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Measure a trained policy as the configuration asks; nothing without an evaluator. @throws the signal's reason */
export async function measure(
  algorithm: Algorithm,
  evaluator: Evaluator | undefined,
  context: MeasureContext,
): Promise<Measured> {
  if (evaluator === undefined) return { evaluation: undefined, imagined: undefined };
  const { dataset, engine, trained, seed, signal } = context;
  const policy = await algorithm.policy({ dimensions: await dataset.info(), engine, tensors: trained.tensors });
  try {
    const evaluation = await evaluator.evaluate(policy, seed, signal);
    signal.throwIfAborted();
    return { evaluation, imagined: await imagine(algorithm, evaluator, context) };
  } finally {
    await policy.close();
  }
}

async function imagine(
  algorithm: Algorithm,
  evaluator: Evaluator,
  { trained, seed, ...context }: MeasureContext,
): Promise<ImaginedReturns | undefined> {
  if (algorithm.imagine === undefined || evaluator.starts === undefined) return undefined;
  const { observations: starts, timeLimit: horizon } = await evaluator.starts(seed);
  const random = Random.fromSeed(seed).stream("imagine");
  const returns = [...(await algorithm.imagine({ ...context, random, tensors: trained.tensors, starts, horizon }))];
  const mean = returns.reduce((total, value) => total + value, 0) / returns.length;
  return { returns: returns.map(finiteOrNull), mean: finiteOrNull(mean) };
}
