import type { Pessimism, Proposal } from "@lowerbound/core";
import { type LogProbabilityOptions, logProbabilityTerm } from "./continuations.js";

/** A sequence of steps that the search keeps. */
export interface Beam {
  readonly parent: Beam | undefined;
  readonly proposal: Proposal;
  readonly depth: number;
  /** Discounted rewards so far, and what log-probabilities added, discounted alike. */
  readonly gained: number;
  /** `gained` and the discounted value of what follows. */
  readonly score: number;
}

export interface BeamScoring extends LogProbabilityOptions {
  readonly discount: number;
  readonly pessimism: Pessimism;
}

/** The beam that goes on by one step. */
export function extendBeam(parent: Beam | undefined, proposal: Proposal, scoring: BeamScoring): Beam {
  const depth = (parent?.depth ?? 0) + 1;
  const { discount, pessimism } = scoring;
  const bonus = logProbabilityTerm(proposal.logProbability, pessimism, scoring);
  const gained = (parent?.gained ?? 0) + discount ** (depth - 1) * (proposal.reward + bonus);
  const follows = proposal.terminated === true ? 0 : discount ** depth * (proposal.value ?? 0);
  return { parent, proposal, depth, gained, score: gained + follows };
}

/** A beam's steps, first to last. */
export function stepsOf(beam: Beam): readonly Proposal[] {
  const steps: Proposal[] = [];
  for (let at: Beam | undefined = beam; at !== undefined; at = at.parent) steps.push(at.proposal);
  return steps.reverse();
}
