import type { PlanningState } from "@lowerbound/core";
import type { Segment } from "../decode/segments.js";
import type { DrawFor } from "../search/draw.js";
import { observe } from "./observe.js";
import { act, begin, type TokenModel, type TokenState, type TokenStep } from "./transitions.js";

/** What a search goes on from: a start, or a step whose next observation is drawn when it is gone on from. */
export interface TokenNode {
  readonly start?: PlanningState;
  readonly step?: TokenStep;
  /** Known once the node was gone on from. */
  state?: TokenState;
}

/** Sequences that go through the model at once. */
const ROWS = 128;

/**
 * The states of nodes, drawing what is not known yet: a node's observation stays the one drawn first.
 *
 * `drawFor` says how to draw the observations of some of the nodes.
 */
export async function statesOf(
  model: TokenModel,
  nodes: readonly TokenNode[],
  drawFor: DrawFor,
): Promise<readonly TokenState[]> {
  const unknown = new Map<TokenNode, number>();
  nodes.forEach((node, row) => {
    if (node.state === undefined && !unknown.has(node)) unknown.set(node, row);
  });
  for (const node of unknown.keys()) if (node.start !== undefined) node.state = await begin(model, node.start);
  const waiting = [...unknown].flatMap(([node, row]) =>
    node.step === undefined ? [] : [{ node, row, step: node.step }],
  );
  for (const group of grouped(waiting, ({ step }) => step.from)) {
    const steps = group.map(({ step }) => step);
    const rows = group.map(({ row }) => row);
    const found = await observe(model, steps, drawFor(rows, 1));
    group.forEach(({ node }, i) => {
      node.state = found[i]!;
    });
  }
  return nodes.map(({ state }) => state!);
}

/** `samples` steps of each state [states][samples]; `drawFor` says how to choose the tokens of some of the states. */
export async function stepsOf(
  model: TokenModel,
  states: readonly TokenState[],
  samples: number,
  drawFor: DrawFor,
): Promise<readonly (readonly TokenStep[])[]> {
  const steps: (readonly TokenStep[])[] = new Array(states.length);
  const placed = states.map((state, row) => ({ state, row }));
  for (const group of grouped(placed, ({ state }) => state)) {
    const draw = drawFor(
      group.map(({ row }) => row),
      samples,
    );
    const found = await act(
      model,
      group.map(({ state }) => state),
      samples,
      draw,
    );
    group.forEach(({ row }, i) => {
      steps[row] = found.slice(i * samples, (i + 1) * samples);
    });
  }
  return steps;
}

/** Items that can go through the model together: with the same prefix and as long a context, at most {@link ROWS}. */
function grouped<T>(items: readonly T[], stateOf: (item: T) => TokenState): readonly (readonly T[])[] {
  const byPrefix = new Map<Segment | undefined, Map<string, T[]>>();
  for (const item of items) {
    const { prefix, tokens, past, last } = stateOf(item);
    const groups = byPrefix.get(prefix) ?? new Map<string, T[]>();
    byPrefix.set(prefix, groups);
    const key = `${tokens.length} ${past.length} ${last === undefined}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(item);
  }
  return [...byPrefix.values()].flatMap((groups) => [...groups.values()].flatMap(cut));
}

function cut<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / ROWS) }, (_, i) => items.slice(i * ROWS, (i + 1) * ROWS));
}
