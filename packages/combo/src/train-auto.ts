import { type DynaParts, rolloutPartsOf, trainCandidates, trainDyna } from "@lowerbound/actor-critic";
import {
  finiteOrNull,
  type HostTensors,
  holdOut,
  type TrainContext,
  type Trained,
  type Transitions,
} from "@lowerbound/core";
import { z } from "zod";
import { criticGap } from "./critic-gap.js";
import type { ComboOptions } from "./options.js";
import { type BetaChoice, type BetaTerm, chooseBeta } from "./select-beta.js";

/**
 * Train a candidate for each beta on part of the data, judge their critics on the rest, and train anew on all the data
 * with the beta that is chosen; neither reward nor environment decides. Goes on from the newest checkpoint.
 */
export async function trainWithChosenBeta(
  context: TrainContext,
  withBeta: (beta: number) => DynaParts,
  options: ComboOptions,
): Promise<Trained> {
  const { dataset, random, run } = context;
  const { betaCandidates, betaUpdates } = options;
  const split = await holdOut(dataset, options.betaHeldOut, random.stream("held out"));
  const heldOut = await split.heldOut.transitions();
  const judged = await trainCandidates<number | null>(
    context,
    {
      candidates: betaCandidates,
      name: "beta",
      updates: betaUpdates,
      partsOf: withBeta,
      dataset: split.fitting,
      judge: (tensors, beta) => termOf(context, withBeta(beta), { tensors, heldOut, options }),
      verdict: z.number().nullable(),
      failed: () => null,
      say: (term, beta) =>
        `beta ${beta}: Q on the model less Q on held-out data is ${term?.toPrecision(3) ?? "no number"}`,
    },
    options,
  );
  const terms = betaCandidates.map((beta, index): BetaTerm => ({ beta, term: judged.verdicts[index] ?? null }));
  const { beta, passed } = chooseBeta(terms);
  run.note(noteOf({ beta, passed }, terms));
  const trained = await trainDyna({ ...context, run: judged.run }, withBeta(beta), options);
  const chosen = { beta, betaPassed: passed, betaTerms: terms.map((each) => ({ ...each })) };
  return { ...trained, facts: { ...trained.facts, ...chosen } };
}

function noteOf({ beta, passed }: BetaChoice, terms: readonly BetaTerm[]): string {
  if (passed) return `beta ${beta} is chosen`;
  return terms.every(({ term }) => term === null)
    ? `beta ${beta}, the first, is taken, for training broke, or Q is no number, with every candidate: lower them, or the learning rates`
    : `beta ${beta} is chosen, but no candidate values held-out data above the model: try larger ones`;
}

interface Judging {
  readonly tensors: HostTensors;
  readonly heldOut: Transitions;
  readonly options: ComboOptions;
}

/** The critic gap of a trained candidate on held-out data; null where it is no finite number. */
async function termOf(
  context: TrainContext,
  parts: DynaParts,
  { tensors, heldOut, options }: Judging,
): Promise<number | null> {
  const term = await criticGap({
    engine: context.engine,
    parts: await rolloutPartsOf(context, parts),
    tensors,
    heldOut,
    rolloutLength: options.rolloutLength,
    random: context.random.stream("beta"),
    signal: context.run.signal,
  });
  return finiteOrNull(term);
}
