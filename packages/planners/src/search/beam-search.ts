import type { Pessimism, PlanningState, Proposal, ProposalModel, Random } from "@lowerbound/core";
import { bestFirst } from "../scores.js";
import { type Beam, extendBeam } from "./beams.js";
import { type Continue, checkProposed, continuationsOf, type LogProbabilityOptions } from "./continuations.js";
import { type FollowPlan, followPlan } from "./follow-plan.js";

export interface BeamSearchOptions extends LogProbabilityOptions {
  readonly horizon: number;
  readonly beamWidth: number;
  /** Continuations sampled of each beam. */
  readonly samples: number;
  readonly discount: number;
  readonly pessimism: Pessimism;
}

/** What a search starts from, and what ends it early. */
export interface BeamSearchStart {
  /** Actions to follow beside the sampled ones [steps, action], such as the rest of the plan before. */
  readonly before?: Float32Array | undefined;
  readonly expired?: () => boolean;
}

/** One step of the search, for figures and comparisons. */
export interface BeamStep {
  /** In the order sample by sample: all beams' first samples, all beams' second, ...; then the plan before, ended beams last. */
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
 * The score after step t is sum over i <= t of discount^i reward_i + discount^(t + 1) value_t; a bonus of log-probability
 * counts as a reward does, as in scores of action sequences and in trees. The search begins with
 * `beamWidth` copies of the root, as the published one does; beams whose episode ended stay as they are and compete.
 * Ends early when `expired`, after one step at least.
 *
 * Departs from the published search where there is a plan `before`: its actions are one more continuation at each step,
 * and the beam that follows them is kept whatever its rank, so that a plan that pays late is still there at the end.
 *
 * Source: Trajectory Transformer (Janner et al. 2021), section 3.2.
 * @throws NumericalError when no continuation has a finite score, or all lie below the floor, and no beam has ended
 */
export async function beamSearch(
  model: ProposalModel,
  state: PlanningState,
  options: BeamSearchOptions,
  random: Random,
  { before = new Float32Array(0), expired = () => false }: BeamSearchStart = {},
): Promise<BeamSearchResult> {
  const root = model.root(state);
  const go = continuationsOf(model, options.pessimism);
  const search: Search = { root, go, follow: followPlan(model, root, before, options, random), options, random };
  const steps: BeamStep[] = [];
  let front: Front = { beams: [], followed: undefined };
  let evaluations = 0;
  for (let depth = 0; depth < options.horizon; depth++) {
    if (depth > 0 && front.beams.every(isOver)) break;
    const { found, ended, followed } = await candidatesOf(search, front, depth);
    const candidates = [...found, ...ended];
    const kept = keptOf(candidates, followed, options);
    evaluations += found.length;
    steps.push({ candidates, kept });
    front = { beams: kept.map((index) => candidates[index]!), followed };
    if (expired()) break;
  }
  return { beams: front.beams, steps, evaluations };
}

/** The search's dealings with its model. */
interface Search {
  readonly root: unknown;
  readonly go: Continue;
  readonly follow: FollowPlan;
  readonly options: BeamSearchOptions;
  readonly random: Random;
}

/** What a step goes on from: kept beams, and that of the plan before among them. */
interface Front {
  readonly beams: readonly Beam[];
  readonly followed: Beam | undefined;
}

const isOver = ({ proposal }: Beam): boolean => proposal.terminated === true;

async function candidatesOf(search: Search, { beams, followed }: Front, depth: number) {
  const { beamWidth, pessimism, logProbabilityFloor } = search.options;
  const ended = beams.filter(isOver);
  const parents = depth === 0 ? Array.from({ length: beamWidth }, () => undefined) : beams.filter((b) => !isOver(b));
  const next = await search.follow(followed, depth);
  const sampled = await sampledOf(search, parents);
  const found = next === undefined ? sampled : [...sampled, next];
  const proposals = found.map(({ proposal }) => proposal);
  if (ended.length === 0) checkProposed(proposals, pessimism, logProbabilityFloor);
  return { found, ended, followed: next ?? ended.find((beam) => beam === followed) };
}

async function sampledOf(
  { go, root, options, random }: Search,
  parents: readonly (Beam | undefined)[],
): Promise<readonly Beam[]> {
  const nodes = parents.map((parent) => (parent === undefined ? root : parent.proposal.node));
  const proposals = await go(nodes, options.samples, random);
  const longest = Math.max(...proposals.map(({ length }) => length));
  const bySample = Array.from({ length: longest }, (_, sample) =>
    proposals.flatMap((of, p): readonly [Beam | undefined, Proposal][] => {
      const proposal = of[sample];
      return proposal === undefined ? [] : [[parents[p], proposal]];
    }),
  );
  return bySample.flat().map(([parent, proposal]) => extendBeam(parent, proposal, options));
}

/** Indices of the best candidates, best first, and of the plan before where it is not among them. */
function keptOf(
  candidates: readonly Beam[],
  followed: Beam | undefined,
  { beamWidth }: BeamSearchOptions,
): readonly number[] {
  const scores = candidates.map(({ score }) => score);
  const best = bestFirst(scores, beamWidth);
  const index = candidates.findIndex((beam) => beam === followed && Number.isFinite(beam.score));
  return index < 0 || best.includes(index) ? best : [...best, index];
}
