import {
  type Dataset,
  type HostTensors,
  type Json,
  NumericalError,
  type RunHandle,
  type TrainContext,
} from "@lowerbound/core";
import type { z } from "zod";
import type { DynaOptions } from "../dyna/options.js";
import type { DynaParts } from "../dyna/parts.js";
import { trainDyna } from "../dyna/trainer.js";
import { stageOf, stageRun } from "./stages.js";

/** Short trainings of a grid, each judged, before the training proper. */
export interface CandidateTrainings<Verdict extends Json> {
  /** Values of the setting that is to be chosen. */
  readonly candidates: readonly number[];
  /** What the setting is called on the terminal and in snapshots. */
  readonly name: string;
  /** Updates of each candidate's training. */
  readonly updates: number;
  readonly partsOf: (candidate: number) => DynaParts;
  /** What candidates are trained on; the run's dataset where left out. */
  readonly dataset?: Dataset;
  /** What a trained candidate came to; a function of its tensors alone, for it is made anew after an interruption. */
  readonly judge: (tensors: HostTensors, candidate: number) => Promise<Verdict>;
  /** Reads verdicts back from a checkpoint. */
  readonly verdict: z.ZodType<Verdict>;
  /** What a candidate comes to whose figures stop being usable; left out, the error ends the run. */
  readonly failed?: (error: NumericalError, candidate: number) => Verdict;
  /** A sentence about a verdict, for the user. */
  readonly say: (verdict: Verdict, candidate: number) => string;
}

/** The verdicts, in the candidates' order, and the run as the training proper sees it. */
export interface JudgedCandidates<Verdict> {
  readonly verdicts: readonly Verdict[];
  readonly run: RunHandle;
}

/**
 * Train a candidate for each value, keep it as the snapshot "NAME-VALUE", and judge it, from the newest checkpoint on, bit
 * for bit.
 *
 * Candidates differ in the value alone, they share all random numbers; none is evaluated in an environment.
 */
export async function trainCandidates<Verdict extends Json>(
  context: TrainContext,
  trainings: CandidateTrainings<Verdict>,
  options: DynaOptions,
): Promise<JudgedCandidates<Verdict>> {
  const { run } = context;
  const { candidates, name, updates, verdict, say } = trainings;
  let position = await stageOf(run);
  while (position.stage < candidates.length) {
    const candidate = candidates[position.stage]!;
    const stage = stageRun(run, position, { offset: position.stage * updates, title: `${name} ${candidate}` });
    const judged = await judgedCandidate({ ...context, run: stage }, candidate, trainings, options);
    run.note(say(judged, candidate));
    position = { stage: position.stage + 1, results: [...position.results, judged] };
  }
  const verdicts = position.results.map((result) => verdict.parse(result));
  return { verdicts, run: stageRun(run, position, { offset: candidates.length * updates }) };
}

async function judgedCandidate<Verdict extends Json>(
  context: TrainContext,
  candidate: number,
  { name, updates, partsOf, dataset = context.dataset, judge, failed }: CandidateTrainings<Verdict>,
  options: DynaOptions,
): Promise<Verdict> {
  try {
    // What training would tell the user counts for the chosen candidate alone, whose training proper says it.
    const run = { ...context.run, note: () => {} };
    const training = { ...context, run, dataset, evaluator: undefined };
    const { tensors } = await trainDyna(training, partsOf(candidate), { ...options, updates });
    await context.run.keep(`${name}-${candidate}`, { step: updates, tensors, data: {} });
    return await judge(tensors, candidate);
  } catch (error) {
    if (failed === undefined || !(error instanceof NumericalError)) throw error;
    const [what] = error.message.split("\n");
    context.run.note(`${name} ${candidate} is given up: ${what}`);
    return failed(error, candidate);
  }
}
