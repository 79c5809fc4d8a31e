import { ConfigError, type PlanningState, type Random } from "@lowerbound/core";
import { encode } from "../discretise/discretiser.js";
import { prefixTokens } from "../planning/tokens.js";
import type { TokenModel } from "../planning/transitions.js";
import { type DrawTokens, drawn } from "../search/draw.js";
import { openStream } from "./stream.js";
import { type GivenTokens, takeStep } from "./take-step.js";
import { newTrajectories, type Trajectories, writeStarts, writeStep } from "./trajectories.js";

export interface RollOutRequest {
  /** What sequences start from, an observation each, with histories of the same length or none. */
  readonly starts: readonly PlanningState[];
  /** Sequences of each start, one after another in the rows of the result; 1 if left out. */
  readonly samples?: number;
  /** Transitions to add. */
  readonly steps: number;
  /** Given actions [starts, steps, action], the same for a start's samples; the model draws them if left out. */
  readonly actions?: Float32Array | undefined;
  readonly random: Random;
  /** How tokens are chosen: with their probabilities, from `random`, if left out. */
  readonly draw?: DrawTokens;
}

/**
 * Sample trajectories token by token, open loop: with given actions, what the model predicts that they lead to.
 *
 * Tokens are drawn from what the model's filters leave; log-probabilities are of the whole distributions, given as much of
 * the past as the context holds. The token after the end of an episode, at whatever place it is drawn, ends a row.
 * Values come back as the middles of their bins. Source: Trajectory Transformer (Janner et al. 2021), section 3.1.
 * @throws ConfigError for nothing to roll out, or starts and actions of other sizes; DataError for a start or action that
 * is not a number; NumericalError where the model's probabilities are not numbers
 */
export async function rollOut(model: TokenModel, request: RollOutRequest): Promise<Trajectories> {
  const { starts, samples = 1, steps } = request;
  const { decoder, discretiser, sizes, contextTransitions, goal } = model;
  check(model, { ...request, samples });
  const prefixes = starts.map((start) => prefixTokens(discretiser, sizes, start, contextTransitions - 1, goal));
  if (prefixes.some(({ length }) => length !== prefixes[0]!.length)) {
    throw new ConfigError("starts have histories of different lengths", { where: "roll-out.starts" });
  }
  const stream = await openStream(decoder, { starts: prefixes, samples, contextTransitions, goal: goal?.length ?? 0 });
  const rows = starts.length * samples;
  const found = newTrajectories(rows, steps, sizes);
  writeStarts(found, starts, samples, sizes);
  const given = givenActions(model, { ...request, samples });
  let over: Uint8Array = new Uint8Array(rows);
  for (let step = 0; step < steps; step++) {
    const taken = await takeStep(model, stream, {
      rows,
      step,
      over,
      given: given?.tokens,
      draw: request.draw ?? drawn(request.random),
      last: step === steps - 1,
    });
    writeStep(found, step, taken, model, given === undefined ? undefined : (row) => given.values(row, step));
    over = taken.ended;
  }
  return found;
}

type Sized = RollOutRequest & { readonly samples: number };

function check({ sizes }: TokenModel, { starts, samples, steps, actions }: Sized): void {
  const whole = (count: number) => Number.isInteger(count) && count > 0;
  if (starts.length === 0 || !whole(samples) || !whole(steps)) {
    throw new ConfigError(`${starts.length} starts, ${samples} samples and ${steps} steps`, {
      where: "roll-out",
      expected: "at least one of each, in whole numbers",
    });
  }
  const wanted = starts.length * steps * sizes.action;
  if (actions !== undefined && actions.length !== wanted) {
    throw new ConfigError(`${actions.length} action entries`, {
      where: "roll-out.actions",
      expected: `${wanted}: ${sizes.action} for each of ${steps} steps of ${starts.length} starts`,
    });
  }
}

interface Given {
  readonly tokens: GivenTokens;
  values(row: number, step: number): Float32Array;
}

function givenActions({ discretiser, sizes }: TokenModel, { actions, samples, steps }: Sized): Given | undefined {
  if (actions === undefined) return undefined;
  const tokens = encode(discretiser, actions, { from: sizes.observation, count: sizes.action });
  const at = (row: number, step: number) => (Math.floor(row / samples) * steps + step) * sizes.action;
  return {
    tokens: (row, step, dimension) => tokens[at(row, step) + dimension]!,
    values: (row, step) => actions.subarray(at(row, step), at(row, step) + sizes.action),
  };
}
