import { trainCandidates, trainDyna } from "@lowerbound/actor-critic";
import { Algorithm, type HostTensors, type TrainContext, type Trained } from "@lowerbound/core";
import { type Calibration, calibrationOf } from "./calibrate.js";
import { type ChoiceRule, choosePenalty, type Verdict } from "./choose.js";
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
  const { penaltyCandidates, candidateUpdates, selection: asked } = options;
  if (asked !== rule.name) context.run.note(`candidates are compared by their ${rule.by}: ${rule.why}`);
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
      say: ({ score }, lambda) => `lambda ${lambda}: ${rule.by} ${score?.toPrecision(4) ?? "is no number"}`,
    },
    options,
  );
  const candidates = penaltyCandidates.map((penaltyCoefficient, at) => ({ penaltyCoefficient, ...verdicts[at]! }));
  const { penaltyCoefficient, reason } = choosePenalty(candidates, rule);
  context.run.note(`lambda ${penaltyCoefficient} is chosen: ${reason}`);
  const trained = await trainDyna({ ...context, run }, withPenalty(penaltyCoefficient), options);
  const { name, why, coefficient, reach } = rule;
  const selection = { rule: name, why, coefficient, reach, reason, candidates };
  return { ...trained, facts: { ...trained.facts, penaltyCoefficient, selection } };
}

interface Rule extends ChoiceRule {
  readonly name: "theorem" | "fqe";
  readonly coefficient: number | null;
  /** Why not the theorem's, where it is not. */
  readonly why: string | null;
}

function ruleOf({ coefficient, reach, reason }: Calibration): Rule {
  if (coefficient === null) {
    return { name: "fqe", coefficient, reach, why: reason, by: "return by fitted Q evaluation" };
  }
  const by = `model return less ${coefficient.toPrecision(3)} x discounted penalty`;
  return { name: "theorem", coefficient, reach, why: null, by };
}

interface Judged {
  readonly context: TrainContext;
  readonly parts: PenalisedParts;
  readonly options: MopoOptions;
  readonly tensors: HostTensors;
}

const judge = (job: Judged, { coefficient }: Rule): Promise<Verdict> =>
  coefficient === null ? judgeByFqe(job) : judgeByTheorem(job, coefficient);
