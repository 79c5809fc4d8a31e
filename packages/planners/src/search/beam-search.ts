import type { Pessimism, PlanningState, Proposal, ProposalModel, Random } from "@lowerbound/core";
import { bestFirst } from "../scores.js";
import { type Beam, extendBeam } from "./beams.js";
import { type Continue, checkProposed, continuationsOf, type LogProbabilityOptions } from "./continuations.js";

export interface BeamSearchOptions extends LogProbabilityOptions {
  readonly horizon: number;
  readonly beamWidth: number;
  /** Continuations sampled of each beam. */
  readonly samples: number;
  readonly discount: number;
  readonly pessimism: Pessimism;
}

/** One step of the search, for figures and comparisons. */
export interface BeamStep {
  /** In the order sample by sample: all beams' first samples, all beams' second, ...; ended beams last. */
  readonly candidates: readonly Beam[];
  /** Indices of the kept candidates, best first. */
  readonly kept: readonly number[];
}

export interface BeamSearchResult {
  /** Best first. */
  readonly beams: readonly Beam[];
  readonly steps: readonly BeamStep[];
  readonly evaluations: number;
}

/**
 * Keep the `beamWidth` best sequences by cumulative reward plus value among continuations sampled from P_beta.
 *
 * The score after step t is sum over i <= t of discount^i reward_i + discount^(t + 1) value_t. The search begins with
 * `beamWidth` copies of the root, as the published one does; beams whose episode ended stay as they are and compete.
 * Ends early when `expired`, after one step at least.
 *
 * Source: Trajectory Transformer (Janner et al. 2021), section 3.2.
 * @throws NumericalError when no continuation has a finite score, or all lie below the floor
 */
export async function beamSearch(
  model: ProposalModel,
  state: PlanningState,
  options: BeamSearchOptions,
  random: Random,
  expired: () => boolean = () => false,
): Promise<BeamSearchResult> {
  const go = continuationsOf(model, options.pessimism);
  const root = model.root(state);
  const steps: BeamStep[] = [];
  let beams: readonly Beam[] = [];
  let evaluations = 0;
  for (let depth = 0; depth < options.horizon; depth++) {
    const living = beams.filter(({ proposal }) => proposal.terminated !== true);
    if (depth > 0 && living.length === 0) break;
    const parents = depth === 0 ? Array.from({ length: options.beamWidth }, () => undefined) : living;
    const found = await candidatesOf(go, parents, root, options, random);
    evaluations += found.length;
    const candidates = [...found, ...beams.filter(({ proposal }) => proposal.terminated === true)];
    const kept = bestFirst(
      candidates.map(({ score }) => score),
      options.beamWidth,
    );
    steps.push({ candidates, kept });
    beams = kept.map((index) => candidates[index]!);
    if (expired()) break;
  }
  return { beams, steps, evaluations };
}

async function candidatesOf(
  go: Continue,
  parents: readonly (Beam | undefined)[],
  root: unknown,
  options: BeamSearchOptions,
  random: Random,
): Promise<readonly Beam[]> {
  const nodes = parents.map((parent) => (parent === undefined ? root : parent.proposal.node));
  const proposals = await go(nodes, options.samples, random);
  checkProposed(proposals.flat(), options.pessimism, options.logProbabilityFloor);
  const longest = Math.max(...proposals.map(({ length }) => length));
  const bySample = Array.from({ length: longest }, (_, sample) =>
    proposals.flatMap((of, p): readonly [Beam | undefined, Proposal][] => {
      const proposal = of[sample];
      return proposal === undefined ? [] : [[parents[p], proposal]];
    }),
  );
  return bySample.flat().map(([parent, proposal]) => extendBeam(parent, proposal, options));
}
