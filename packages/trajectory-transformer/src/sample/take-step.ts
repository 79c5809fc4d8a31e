import { NumericalError } from "@lowerbound/core";
import { vocabularyOf } from "../model/architecture.js";
import { tokensOf } from "../planning/tokens.js";
import type { TokenModel } from "../planning/transitions.js";
import type { Asked, DrawTokens } from "../search/draw.js";
import { filtered, logProbabilities } from "../search/filters.js";
import type { TokenStream } from "./stream.js";
import type { StepTokens } from "./trajectories.js";

/** The token of a given action's entry. */
export type GivenTokens = (row: number, step: number, dimension: number) => number;

export interface TakeStep {
  readonly rows: number;
  readonly step: number;
  /** 1 for rows that have ended. */
  readonly over: Uint8Array;
  readonly given: GivenTokens | undefined;
  readonly draw: DrawTokens;
  /** Nothing follows: the model need not read the last token. */
  readonly last: boolean;
}

/** Action, reward, value and next observation of all rows. */
export async function takeStep(model: TokenModel, stream: TokenStream, at: TakeStep): Promise<StepTokens> {
  const { rows, over } = at;
  const width = tokensOf(model.sizes);
  const [tokens, ended] = [new Int32Array(rows * width), over.slice()];
  const taken = { tokens, actionLogs: new Float64Array(rows), outcomeLogs: new Float64Array(rows), over, ended };
  const places = placesOf(model);
  for (const [column, { asked, filter }] of places.entries()) {
    const found = choose(model, stream.logits(), { ...at, asked, filter, taken });
    for (let row = 0; row < rows; row++) tokens[row * width + column] = found[row]!;
    if (!(at.last && column === places.length - 1)) await stream.feed(found);
  }
  return taken;
}

/** A transition's tokens in the order in which they are drawn: from the action to the next observation. */
function placesOf({ sizes, filters }: TokenModel) {
  const many = (kind: Asked["kind"], count: number, filter: (typeof filters)["action"]) =>
    Array.from({ length: count }, (_, dimension) => ({ asked: { kind, dimension }, filter }));
  return [
    ...many("action", sizes.action, filters.action),
    ...many("reward", 1, filters.reward),
    ...many("value", 1, filters.reward),
    ...many("observation", sizes.observation, filters.observation),
  ];
}

type Place = ReturnType<typeof placesOf>[number];

interface Choice extends TakeStep, Place {
  readonly taken: StepTokens;
}

/** A token a row; rows that have ended go on with the token of the end. */
function choose({ decoder: { shape } }: TokenModel, logits: Float32Array, choice: Choice): Int32Array {
  const { rows, step, given, draw, asked, filter, taken } = choice;
  const tokens = vocabularyOf(shape);
  const found =
    given !== undefined && asked.kind === "action"
      ? Int32Array.from({ length: rows }, (_, row) => given(row, step, asked.dimension))
      : draw(filtered(logits, tokens, filter), { ...asked, rows });
  const logs = logProbabilities(logits, tokens, found);
  const into = asked.kind === "action" ? taken.actionLogs : taken.outcomeLogs;
  for (let row = 0; row < rows; row++) {
    if (taken.ended[row] === 1) {
      found[row] = shape.bins;
      continue;
    }
    if (Number.isNaN(logs[row]!)) throw broken(step);
    into[row]! += logs[row]!;
    if (found[row] === shape.bins) taken.ended[row] = 1;
  }
  return found;
}

const broken = (step: number): NumericalError =>
  new NumericalError(`the model's probabilities are not numbers at step ${step}`, {
    where: "roll-out",
    remedy: "check the model's tensors and its training loss",
  });
