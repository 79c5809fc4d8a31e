import { trainCandidates, trainDyna } from "@lowerbound/actor-critic";
import { Algorithm, type HostTensors, type TrainContext, type Trained } from "@lowerbound/core";
import { type Calibration, calibrationOf } from "./calibrate.js";
import { choosePenalty, type Verdict } from "./choose.js";
import { judgeByFqe, judgeByTheorem, verdictSchema } from "./judge.js";
import type { MopoOptions } from "./options.js";
import type { PenalisedParts } from "./parts.js";

/**
 * Train a candidate for each lambda, judge them all by one rule, and train anew with the lambda that is chosen.
 *
 * No environment and no true return is looked at. Goes on from the newest checkpoint, in whatever stage.
 */
export async function trainWithChosenPenalty(
  context: TrainContext,
  withPenalty: (penaltyCoefficient: number) => PenalisedParts,
  options: MopoOptions,
): Promise<Trained> {
  const rule = ruleOf(calibrationOf(context.fitted(Algorithm.name)));
  const { penaltyCandidates, candidateUpdates } = options;
  const { verdicts, run } = await trainCandidates(
    context,
    {
      candidates: penaltyCandidates,
      name: "lambda",
      updates: candidateUpdates,
      partsOf: withPenalty,
      judge: (tensors) => judge({ context, parts: withPenalty(1), options, tensors }, rule),
      verdict: verdictSchema,
      failed: () => ({ score: null, figures: {} }),
      say: ({ score }, lambda) => `lambda ${lambda}: ${rule.score} ${score?.toPrecision(4) ?? "is no number"}`,
    },
    options,
  );
  const candidates = penaltyCandidates.map((penaltyCoefficient, at) => ({ penaltyCoefficient, ...verdicts[at]! }));
  const { penaltyCoefficient, reason } = choosePenalty(candidates, rule.score);
  context.run.note(`lambda ${penaltyCoefficient} is chosen: ${reason}`);
  const trained = await trainDyna({ ...context, run }, withPenalty(penaltyCoefficient), options);
  const selection = { rule: rule.name, why: rule.why, coefficient: rule.coefficient, reason, candidates };
  return { ...trained, facts: { ...trained.facts, penaltyCoefficient, selection } };
}

interface Rule {
  readonly name: "theorem" | "fqe";
  readonly coefficient: number | null;
  /** Why not the theorem's, where it is not. */
  readonly why: string | null;
  /** What candidates are compared by, in words. */
  readonly score: string;
}

function ruleOf({ coefficient, reason }: Calibration): Rule {
  if (coefficient === null) return { name: "fqe", coefficient, why: reason, score: "return by fitted Q evaluation" };
  const score = `model return less ${coefficient.toPrecision(3)} x discounted penalty`;
  return { name: "theorem", coefficient, why: null, score };
}

interface Judged {
  readonly context: TrainContext;
  readonly parts: PenalisedParts;
  readonly options: MopoOptions;
  readonly tensors: HostTensors;
}

const judge = (job: Judged, { coefficient }: Rule): Promise<Verdict> =>
  coefficient === null ? judgeByFqe(job) : judgeByTheorem(job, coefficient);
