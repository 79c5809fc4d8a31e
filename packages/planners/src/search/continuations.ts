import { NumericalError, type Pessimism, type Proposal, type ProposalModel, type Random } from "@lowerbound/core";
import { evenActions } from "../box.js";
import { continueEach } from "../continue-each.js";

/** How a search asks its model for continuations: `k` of each node, [nodes][k]. */
export type Continue = (
  nodes: readonly unknown[],
  k: number,
  random: Random,
) => Promise<readonly (readonly Proposal[])[]>;

/** Continuations sampled from P_beta, or with actions drawn evenly from the box where probabilities do not count. */
export const continuationsOf = (model: ProposalModel, pessimism: Pessimism): Continue =>
  pessimism === "none" ? evenly(model) : (nodes, k, random) => model.expand(nodes, k, random);

const evenly =
  (model: ProposalModel): Continue =>
  (nodes, k, random) =>
    continueEach(nodes, k, (repeated) => model.advance(repeated, evenActions(model, repeated.length, random), random));

export interface LogProbabilityOptions {
  /** What a nat of log P_beta adds to the score. */
  readonly logProbabilityCoefficient: number;
  /** Least log P_beta of an action, in nats; actions below it lose. */
  readonly logProbabilityFloor?: number | undefined;
}

/** What an action's log-probability adds to a score: a bonus, or minus infinity below the floor. */
export function logProbabilityTerm(
  logProbability: number,
  pessimism: Pessimism,
  { logProbabilityCoefficient, logProbabilityFloor }: LogProbabilityOptions,
): number {
  if (pessimism !== "log-probability") return 0;
  // Written so that a log-probability that is not a number loses, too.
  if (!(logProbability >= (logProbabilityFloor ?? -Infinity))) return -Infinity;
  return logProbabilityCoefficient * logProbability;
}

/** @throws NumericalError where the floor left nothing to choose from, or the model proposed nothing */
export function checkProposed(proposals: readonly Proposal[], pessimism: Pessimism, floor: number | undefined): void {
  if (proposals.length === 0) {
    throw new NumericalError("the model proposes no continuation", {
      where: "plan.proposals",
      expected: "at least one action for each node",
    });
  }
  if (pessimism !== "log-probability" || floor === undefined) return;
  if (proposals.some(({ logProbability }) => logProbability >= floor)) return;
  const highest = Math.max(...proposals.map(({ logProbability }) => logProbability));
  throw new NumericalError(`all ${proposals.length} continuations lie below the floor of ${floor} nats`, {
    where: "planner.logProbabilityFloor",
    expected: `a floor that some action reaches; the highest here is ${highest}`,
  });
}
