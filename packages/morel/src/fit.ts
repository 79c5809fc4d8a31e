import { imitate } from "@lowerbound/actor-critic";
import {
  type FitContext,
  type Fitted,
  type HostTensors,
  hostFloat32,
  NumericalError,
  type Optimiser,
  scoped,
  unscoped,
} from "@lowerbound/core";
import { type DiscrepancyParts, discrepancies } from "./discrepancies.js";
import type { MorelOptions } from "./options.js";
import { largest, momentsOf, thresholdOf } from "./threshold.js";

/** What MOReL learns of the data before it trains. */
export interface Learnt {
  readonly threshold: number;
  readonly kappa: number;
  /** The cloned policy's tensors. */
  readonly start: HostTensors;
}

/**
 * Learn the threshold and kappa from the data, and clone the behaviour; facts say what came out.
 *
 * @throws NumericalError where the penalty of a logged pair is not finite
 */
export async function fitMorel(
  context: FitContext,
  parts: Omit<DiscrepancyParts, "rows"> & { readonly optimiser: Optimiser },
  options: MorelOptions,
): Promise<Fitted> {
  const u = finiteAll(await discrepancies(context, { ...parts, rows: options.rolloutRows }));
  // As rollouts compare it: in float32, the data's own maximum is not beyond itself.
  const threshold = Math.fround(thresholdOf(u, options));
  const { rewards } = await context.dataset.transitions();
  const kappa = options.haltPenalty === "auto" ? largest(rewards.map(Math.abs)) : options.haltPenalty;
  const cloned = await clone(context, parts.optimiser, options);
  const { mean, spread } = momentsOf(u);
  return {
    tensors: { threshold: one(threshold), kappa: one(kappa), ...scoped("start", cloned.tensors) },
    facts: {
      threshold,
      kappa,
      discrepancyMean: mean,
      discrepancySpread: spread,
      discrepancyMaximum: largest(u),
      unknownShareOfData: u.filter((value) => value > threshold).length / u.length,
      cloning: cloned.facts,
    },
  };
}

/** A threshold from the rest would hide that the model or the penalty is broken; one from all would be none. */
function finiteAll(u: Float32Array): Float32Array {
  const row = u.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return u;
  throw new NumericalError(`u of the logged pair ${row} is ${u[row]}`, {
    where: "penalty",
    expected: "a finite penalty of every logged pair, which the threshold is learnt from",
    remedy: "fit the model anew, with a lower learning rate, or look for logged values that are far from all others",
  });
}

const one = (value: number) => hostFloat32(new Float32Array([value]), 1);

async function clone(context: FitContext, optimiser: Optimiser, options: MorelOptions): Promise<Fitted> {
  const { cloningUpdates: updates, cloningLearningRate: learningRate, logEvery, checkpointEvery } = options;
  if (updates === 0) return { tensors: {}, facts: {} };
  return imitate(context, optimiser, {
    updates,
    learningRate,
    logEvery,
    checkpointEvery,
    batchSize: options.batchSize,
  });
}

/** The inverse of what {@link fitMorel} puts into tensors. */
export const learntOf = ({ tensors }: Fitted): Learnt => ({
  threshold: tensors.threshold!.data[0]!,
  kappa: tensors.kappa!.data[0]!,
  start: unscoped("start", tensors),
});
