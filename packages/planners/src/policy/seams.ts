import {
  CapabilityError,
  type Pessimism,
  type Planner,
  type PlanningModel,
  type PlanningState,
  type ProposalCall,
  type ProposalModel,
  type Random,
  type SequenceEvaluator,
  type SequenceGradients,
  type SequenceGroup,
  type SequenceScorer,
} from "@lowerbound/core";
import { scorerOf } from "../models/proposal-scorer.js";
import { askTogether } from "../models/together.js";
import { answerBySort, joinCalls } from "./join-calls.js";

/** One plan's view of a model that several plans share. */
export interface Lane {
  readonly sequences?: SequenceEvaluator;
  readonly proposals?: ProposalModel;
  /** The plan is made: the others wait for it no more. */
  leave(): void;
}

/** How a planner takes probabilities into account in a model. @throws CapabilityError if the model cannot */
export function pessimismOf({ seam, pessimism }: Pick<Planner, "seam" | "pessimism">, model: PlanningModel): Pessimism {
  const offered = model.offers[seam] ?? model.offers.sequences;
  const found = pessimism === "model" ? offered[0] : offered.find((each) => each === pessimism);
  if (found !== undefined) return found;
  throw new CapabilityError(`the model cannot take probabilities into account by "${pessimism}"`, {
    where: "planner.pessimism",
    expected: `one of ${offered.join(", ")}`,
  });
}

/** @throws CapabilityError with the model's reason if a planner asks for gradients that it does not have */
export function checkSeam({ seam }: Pick<Planner, "seam">, { refusesGradient }: PlanningModel): void {
  if (seam !== "gradient" || refusesGradient === undefined) return;
  throw new CapabilityError(`there are no gradients to plan by: ${refusesGradient}`, {
    where: "planner",
    expected: "a planner that asks for scores or continuations, such as cem or mcts",
  });
}

/** Where one of several plans starts. */
export interface LaneStart {
  readonly state: PlanningState;
  /** Decides the continuations that it is given. */
  readonly random: Random;
}

/** Lanes for as many plans, which ask the model together; none depends on those beside it. */
export function openLanes(
  planner: Pick<Planner, "seam" | "pessimism">,
  model: PlanningModel,
  starts: readonly LaneStart[],
  random: Random,
): readonly Lane[] {
  checkSeam(planner, model);
  const pessimism = pessimismOf(planner, model);
  const options = { pessimism, random: random.stream("model") };
  if (planner.seam === "proposals") return proposalLanes(model.proposals(options), starts);
  return sequenceLanes(
    scorerOf(model, options),
    model,
    starts.map(({ state }) => state),
  );
}

interface SequenceCall {
  readonly group: SequenceGroup;
  readonly horizon: number;
  readonly gradient: boolean;
}

function sequenceLanes(
  scorer: SequenceScorer,
  { actionSize, low, high }: PlanningModel,
  states: readonly PlanningState[],
): readonly Lane[] {
  const joined = joinCalls(states.length, (calls: readonly SequenceCall[]) =>
    answerBySort(
      calls,
      ({ horizon, gradient }) => `${horizon} ${gradient}`,
      (same) => scoredTogether(scorer, same),
    ),
  );
  return states.map((state, lane) => {
    const ask = (gradient: boolean, sequences: Float32Array, population: number, horizon: number) =>
      joined.call(lane, { group: { state, sequences, population }, horizon, gradient });
    const evaluator: SequenceEvaluator = {
      ...{ actionSize, low, high, pessimism: scorer.pessimism },
      evaluate: async (...given) => (await ask(false, ...given)).scores,
    };
    const { relaxed = false } = scorer;
    const sequences =
      scorer.gradient === undefined ? evaluator : { ...evaluator, relaxed, gradient: ask.bind(undefined, true) };
    return { sequences, leave: () => joined.leave() };
  });
}

const NONE = new Float32Array(0);

async function scoredTogether(
  scorer: SequenceScorer,
  calls: readonly SequenceCall[],
): Promise<readonly SequenceGradients[]> {
  const { horizon, gradient } = calls[0]!;
  const groups = calls.map(({ group }) => group);
  if (gradient && scorer.gradient !== undefined) return scorer.gradient(groups, horizon);
  return (await scorer.score(groups, horizon)).map((scores) => ({ scores, gradients: NONE }));
}

function proposalLanes(model: ProposalModel, starts: readonly LaneStart[]): readonly Lane[] {
  const { actionSize, low, high, pessimism } = model;
  const joined = joinCalls(starts.length, (calls: readonly ProposalCall[]) =>
    answerBySort(
      calls,
      ({ k }) => `${k}`,
      (same) => askTogether(model, same),
    ),
  );
  return starts.map(({ random }, lane) => ({
    proposals: {
      ...{ actionSize, low, high, pessimism },
      root: (state: PlanningState) => model.root(state),
      expand: (nodes, k) => joined.call(lane, { nodes, k, actions: NONE, random }),
      advance: async (nodes, actions) => (await joined.call(lane, { nodes, k: 0, actions, random })).flat(),
    } satisfies ProposalModel,
    leave: () => joined.leave(),
  }));
}
