import { type DynaParts, rolloutPartsOf, trainDyna } from "@lowerbound/actor-critic";
import type { TrainContext, Trained } from "@lowerbound/core";
import { criticGap } from "./critic-gap.js";
import { splitEpisodes, withTransitions } from "./held-out.js";
import type { ComboOptions } from "./options.js";
import { type BetaTerm, chooseBeta } from "./select-beta.js";
import { type StagePosition, stageOf, stageRun } from "./stages.js";

/**
 * Train a candidate for each beta on part of the data, judge their critics on the rest, and train anew on all the data
 * with the beta that is chosen; neither reward nor environment decides. Goes on from the newest checkpoint.
 */
export async function trainWithChosenBeta(
  context: TrainContext,
  withBeta: (beta: number) => DynaParts,
  options: ComboOptions,
): Promise<Trained> {
  const { run } = context;
  const { betaCandidates, betaUpdates } = options;
  let position: StagePosition = await stageOf(run);
  while (position.stage < betaCandidates.length) {
    const beta = betaCandidates[position.stage]!;
    const term = await judge(context, withBeta(beta), options, { position, beta });
    run.note(`beta ${beta}: Q on the model less Q on held-out data is ${term.toPrecision(3)}`);
    position = { stage: position.stage + 1, terms: [...position.terms, Number.isFinite(term) ? term : null] };
  }
  const terms = betaCandidates.map((beta, index): BetaTerm => ({ beta, term: position.terms[index] ?? null }));
  const { beta, passed } = chooseBeta(terms);
  run.note(
    passed
      ? `beta ${beta} is chosen`
      : `beta ${beta} is chosen, but no candidate values held-out data above the model: try larger ones`,
  );
  const last = stageRun(run, position, { offset: betaCandidates.length * betaUpdates });
  const trained = await trainDyna({ ...context, run: last }, withBeta(beta), options);
  const chosen = { beta, betaPassed: passed, betaTerms: terms.map((each) => ({ ...each })) };
  return { ...trained, facts: { ...trained.facts, ...chosen } };
}

interface Candidate {
  readonly position: StagePosition;
  readonly beta: number;
}

/** Train one candidate and return its term; candidates differ in beta alone, they share all random numbers. */
async function judge(
  context: TrainContext,
  parts: DynaParts,
  options: ComboOptions,
  { position, beta }: Candidate,
): Promise<number> {
  const { dataset, engine, random, run } = context;
  const split = splitEpisodes(await dataset.transitions(), options.betaHeldOut, random.stream("held out"));
  const offset = position.stage * options.betaUpdates;
  const candidate = {
    ...context,
    dataset: withTransitions(dataset, split.train),
    run: stageRun(run, position, { offset, title: `beta ${beta}` }),
    evaluator: undefined,
  };
  const { tensors } = await trainDyna(candidate, parts, { ...options, updates: options.betaUpdates });
  return criticGap({
    engine,
    parts: await rolloutPartsOf(context, parts),
    tensors,
    heldOut: split.heldOut,
    rolloutLength: options.rolloutLength,
    random: random.stream("beta"),
    signal: run.signal,
  });
}
