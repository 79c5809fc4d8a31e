import {
  type ActionBox,
  ConfigError,
  type PlanRequest,
  type ProposalModel,
  type SequenceEvaluator,
} from "@lowerbound/core";

/** The sequences seam of a request, checked. @throws ConfigError if it is missing, or cannot be planned with */
export function sequencesOf({ sequences }: PlanRequest, horizon: number): SequenceEvaluator {
  if (sequences === undefined) throw missing("sequences", "an evaluator of action sequences");
  checkHorizon(horizon);
  checkBox(sequences);
  return sequences;
}

/** The proposals seam of a request, checked. @throws ConfigError if it is missing, or cannot be planned with */
export function proposalsOf({ proposals }: PlanRequest, horizon: number): ProposalModel {
  if (proposals === undefined) throw missing("proposals", "a model that proposes continuations");
  checkHorizon(horizon);
  checkBox(proposals);
  return proposals;
}

const missing = (seam: string, expected: string): ConfigError =>
  new ConfigError(`the request has no ${seam}`, { where: `plan.${seam}`, expected });

function checkHorizon(horizon: number): void {
  if (Number.isSafeInteger(horizon) && horizon > 0) return;
  throw new ConfigError(`a horizon of ${horizon} steps leaves nothing to plan`, {
    where: "planner.horizon",
    expected: "a positive integer",
  });
}

/** @throws ConfigError unless `low` and `high` hold `actionSize` finite bounds each, in order */
export function checkBox({ actionSize, low, high }: ActionBox): void {
  const sizes = low.length === actionSize && high.length === actionSize && actionSize > 0;
  if (sizes && low.every((bound, i) => Number.isFinite(bound) && bound < high[i]! && Number.isFinite(high[i]!))) return;
  throw new ConfigError(`actions lie between [${[...low]}] and [${[...high]}]`, {
    where: "the model's action box",
    expected: `${actionSize} finite lower bounds, each below its upper bound`,
  });
}

/** Whether a plan's time is over; never without a budget. */
export function startClock(budgetMilliseconds: number | undefined): () => boolean {
  if (budgetMilliseconds === undefined) return () => false;
  const end = performance.now() + budgetMilliseconds;
  return () => performance.now() >= end;
}
