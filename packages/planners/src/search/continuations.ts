import { NumericalError, type Pessimism, type Proposal, type ProposalModel, type Random } from "@lowerbound/core";

/** How a search asks its model for continuations: `k` of each node, [nodes][k]. */
export type Continue = (
  nodes: readonly unknown[],
  k: number,
  random: Random,
) => Promise<readonly (readonly Proposal[])[]>;

/** Continuations sampled from P_beta, or with actions drawn evenly from the box where probabilities do not count. */
export const continuationsOf = (model: ProposalModel, pessimism: Pessimism): Continue =>
  pessimism === "none" ? evenly(model) : (nodes, k, random) => model.expand(nodes, k, random);

function evenly(model: ProposalModel): Continue {
  return async (nodes, k, random) => {
    const repeated = nodes.flatMap((node) => Array.from({ length: k }, () => node));
    const flat = await model.advance(repeated, evenActions(model, repeated.length, random), random);
    return nodes.map((_, n) => flat.slice(n * k, (n + 1) * k));
  };
}

/** Actions [count, action] drawn evenly from the box. */
export function evenActions(
  { actionSize, low, high }: Pick<ProposalModel, "actionSize" | "low" | "high">,
  count: number,
  random: Random,
): Float32Array {
  const actions = random.uniform(new Float32Array(count * actionSize));
  for (let i = 0; i < actions.length; i++) {
    const a = i % actionSize;
    actions[i] = low[a]! + (high[a]! - low[a]!) * actions[i]!;
  }
  return actions;
}

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
