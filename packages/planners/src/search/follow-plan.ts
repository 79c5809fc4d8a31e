import type { ProposalModel, Random } from "@lowerbound/core";
import { type Beam, type BeamScoring, extendBeam } from "./beams.js";

/** Takes the beam that has followed a plan one action further; undefined where it can go no further. */
export type FollowPlan = (followed: Beam | undefined, depth: number) => Promise<Beam | undefined>;

/**
 * Follow a plan's actions [steps, action] from the root, one step a call, scored as sampled continuations are.
 *
 * It ends with its actions, with the episode, or where its score is not finite: below the floor, for instance.
 */
export function followPlan(
  model: ProposalModel,
  root: unknown,
  actions: Float32Array,
  scoring: BeamScoring,
  random: Random,
): FollowPlan {
  return async (followed, depth) => {
    const action = actions.slice(depth * model.actionSize, (depth + 1) * model.actionSize);
    if (action.length === 0 || (depth > 0 && !goesOn(followed))) return undefined;
    const node = followed === undefined ? root : followed.proposal.node;
    const [proposal] = await model.advance([node], action, random);
    return extendBeam(followed, proposal!, scoring);
  };
}

const goesOn = (beam: Beam | undefined): boolean =>
  beam !== undefined && beam.proposal.terminated !== true && Number.isFinite(beam.score);
