import {
  type ActionBox,
  ConfigError,
  createSerial,
  type Engine,
  type PlanningModel,
  type SequenceScoring,
} from "@lowerbound/core";
import { createDecoder } from "../decode/decoder.js";
import { isOwn } from "../model/networks.js";
import type { Relaxation } from "../relaxed/relaxation.js";
import { createRelaxedPlans, type RelaxedOptions } from "../relaxed/scorer.js";
import { checkFilter } from "../search/filters.js";
import { requireEveryStep } from "./every-step.js";
import type { FittedModel } from "./fitted.js";
import { tokenProposals } from "./proposals.js";
import { goalTokens } from "./tokens.js";
import type { Filters, TokenModel } from "./transitions.js";

export interface TokenPlanningOptions {
  readonly filters: Filters;
  /** Longest context, in transitions, the present one included. */
  readonly contextTransitions: number;
  readonly scoring: SequenceScoring;
  readonly box: ActionBox;
  /** An observation to lead to [observation]: for a model that was trained with goals, and only for one. */
  readonly goal?: Float32Array | undefined;
  /** How actions and tokens get gradients, straight through unless told otherwise. */
  readonly relaxation?: Relaxation;
}

/**
 * A fitted model of trajectories to plan in.
 *
 * Searches are given continuations drawn from P_beta; action sequences are scored by continuing it with them, each
 * action by the bin that it lies in. Gradients are those of a relaxation of the tokens.
 * @throws ConfigError for filters out of range, an action box of another size, or a context longer than the model's
 */
export function tokenPlanningModel(engine: Engine, fitted: FittedModel, options: TokenPlanningOptions): PlanningModel {
  const { filters, contextTransitions, scoring, box } = options;
  check(fitted, options);
  const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
  const model: TokenModel = {
    decoder,
    discretiser: fitted.discretiser,
    sizes: fitted.sizes,
    filters,
    contextTransitions,
    goal: goalOf(fitted, options.goal),
  };
  const serial = createSerial();
  const { closeRelaxed, ...gradients } = gradientsOf(engine, fitted, { ...options, goal: model.goal, serial });
  return {
    ...box,
    observationSize: fitted.sizes.observation,
    contextLength: contextTransitions - 1,
    offers: { sequences: ["log-probability", "none"], proposals: ["samples", "log-probability", "none"] },
    scoring,
    proposals: ({ pessimism }) => tokenProposals(model, box, { pessimism, serial }),
    ...gradients,
    close: () =>
      serial(async () => {
        await decoder.close();
        await closeRelaxed();
      }),
  };
}

type Gradients = Pick<PlanningModel, "relaxed" | "refusesGradient"> & { readonly closeRelaxed: () => Promise<void> };

/** Gradients of a relaxation of the tokens, or why there are none. */
function gradientsOf(
  engine: Engine,
  { architecture, ...fitted }: FittedModel,
  { relaxation = "straight-through", ...options }: Omit<RelaxedOptions, "relaxation"> & { relaxation?: Relaxation },
): Gradients {
  if (isOwn(architecture)) {
    return {
      refusesGradient: "the model of trajectories reads tokens only, not their weights",
      closeRelaxed: async () => {},
    };
  }
  const relaxed = createRelaxedPlans(engine, { architecture, ...fitted }, { ...options, relaxation });
  return {
    relaxed: ({ pessimism }) => relaxed.gradient.bind(undefined, pessimism),
    closeRelaxed: relaxed.close,
  };
}

/** Transitions that the model's positions hold beside a goal; the value of the last one is never read. */
export const longestContext = ({ architecture, goals }: FittedModel): number =>
  Math.floor((architecture.positions + 1) / architecture.transition) - (goals ? 1 : 0);

/** Tokens of a goal. @throws ConfigError where the model needs a goal and there is none, or the other way round */
export function goalOf({ discretiser, sizes, goals }: FittedModel, goal: Float32Array | undefined) {
  if (goals !== (goal !== undefined)) {
    throw new ConfigError(goals ? "there is no goal" : "there is a goal", {
      where: "goal",
      expected: goals
        ? "an observation to lead to: the model of trajectories was trained with goals"
        : "none: the model of trajectories was trained without goals",
      remedy: 'set sequence.goal to "window" or "episode" to train it with goals, leave it out to train it without',
    });
  }
  return goal === undefined ? undefined : goalTokens(discretiser, sizes, goal);
}

function check(fitted: FittedModel, options: TokenPlanningOptions): void {
  const { box } = options;
  checkReading(fitted, options, "planning-model");
  if (box.actionSize !== fitted.sizes.action) {
    throw new ConfigError(`an action box of ${box.actionSize} entries`, {
      where: "planning-model",
      expected: `${fitted.sizes.action}, as the model was fitted to`,
    });
  }
}

/**
 * How tokens are drawn, and how much is read.
 *
 * @throws ConfigError for filters out of range, or a context longer than the model's; CapabilityError for one of every so
 * many steps
 */
export function checkReading(
  fitted: FittedModel,
  { filters, contextTransitions }: Pick<TokenPlanningOptions, "filters" | "contextTransitions">,
  where: string,
): void {
  requireEveryStep(fitted.stride);
  checkFilter(filters.observation, `${where}.observation`);
  checkFilter(filters.action, `${where}.action`);
  checkFilter(filters.reward, `${where}.reward`);
  const longest = longestContext(fitted);
  if (Number.isInteger(contextTransitions) && contextTransitions >= 2 && contextTransitions <= longest) return;
  throw new ConfigError(`a context of ${contextTransitions} transitions`, {
    where: `${where}.contextTransitions`,
    expected: `from 2 to ${longest}, the model's own`,
  });
}
