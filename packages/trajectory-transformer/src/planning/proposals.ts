import {
  type ActionBox,
  ConfigError,
  type Pessimism,
  type Proposal,
  type ProposalCall,
  type ProposalModel,
  type Random,
  type Serial,
} from "@lowerbound/core";
import { decode, encode } from "../discretise/discretiser.js";
import { type DrawFor, type DrawTokens, drawnApart } from "../search/draw.js";
import { statesOf, stepsOf, type TokenNode } from "./nodes.js";
import type { TokenModel, TokenStep } from "./transitions.js";

/** How tokens are drawn, given the random stream of the call: its own choice, for comparisons with given draws. */
export type MakeDraw = (random: Random) => DrawTokens;

export interface TokenProposalsOptions {
  readonly pessimism: Pessimism;
  readonly serial: Serial;
  readonly makeDraw?: MakeDraw;
}

const NONE = new Float32Array(0);

/**
 * Continuations that a model of trajectories proposes.
 *
 * Actions are drawn from P_beta token by token, rewards and values are expectations of their distributions, the next
 * observation is drawn when a node is gone on from. Log-probabilities are of the action's bins, in nats, nothing
 * filtered: probabilities, not densities, since a bin may have no width. Where the token of the end is drawn in the place
 * of an observation, the next step is none: it pays 0, and is the one that says that the episode has ended. The published
 * search goes on and adds up what the model says of rows that hold that token alone (`pastEnds` of the model).
 */
export function tokenProposals(
  model: TokenModel,
  box: ActionBox,
  { pessimism, serial, makeDraw }: TokenProposalsOptions,
): ProposalModel<TokenNode> {
  const ask = (calls: readonly ProposalCall<TokenNode>[]) =>
    serial(() => continued(model, box, calls, drawsOf(calls, makeDraw)));
  return {
    ...box,
    pessimism,
    root: (state) => ({ start: state }),
    expand: (nodes, k, random) => ask([{ nodes, k, actions: NONE, random }]),
    advance: async (nodes, actions, random) => (await ask([{ nodes, k: 0, actions, random }])).flat(),
    // Draws that are given are one call's.
    ...(makeDraw === undefined ? { together: async (calls) => apart(calls, await ask(calls)) } : {}),
  };
}

/** What belongs to nodes one call after another, by call. */
function apart<T>(calls: readonly Pick<ProposalCall, "nodes">[], flat: readonly T[]): readonly (readonly T[])[] {
  let at = 0;
  return calls.map(({ nodes }) => {
    at += nodes.length;
    return flat.slice(at - nodes.length, at);
  });
}

function drawsOf(calls: readonly ProposalCall<TokenNode>[], makeDraw: MakeDraw | undefined): DrawFor {
  if (makeDraw === undefined) return drawnApart(calls.map(({ nodes, random }) => ({ nodes: nodes.length, random })));
  const draw = makeDraw(calls[0]!.random);
  return () => draw;
}

/** Continuations of the nodes of all calls [nodes][samples]. */
async function continued(
  model: TokenModel,
  box: ActionBox,
  calls: readonly ProposalCall<TokenNode>[],
  drawFor: DrawFor,
): Promise<readonly (readonly Proposal<TokenNode>[])[]> {
  const nodes = calls.flatMap((call) => call.nodes);
  const { k } = calls[0]!;
  const tokens = k > 0 ? undefined : actionTokens(model, joined(calls), nodes.length);
  const states = await statesOf(model, nodes, drawFor);
  const steps = await stepsOf(model, states, Math.max(k, 1), (rows, samples) => {
    const draw = drawFor(rows, samples);
    return tokens === undefined ? draw : given(model, tokens, rows, draw);
  });
  return steps.map((of) => of.map((step) => proposalOf(model, box, step)));
}

const joined = (calls: readonly ProposalCall<TokenNode>[]): Float32Array =>
  Float32Array.from(calls.flatMap(({ actions }) => [...actions]));

/** @throws ConfigError for other than one action a node, DataError for an action that is not a number */
function actionTokens({ discretiser, sizes }: TokenModel, actions: Float32Array, nodes: number): Int32Array {
  if (actions.length !== nodes * sizes.action) {
    throw new ConfigError(`${actions.length} action entries for ${nodes} nodes`, {
      where: "plan.actions",
      expected: `${sizes.action} a node`,
    });
  }
  return encode(discretiser, actions, { from: sizes.observation, count: sizes.action });
}

/** Actions are given, the rest is drawn; rows [rows] of tokens [nodes, action]. */
const given =
  ({ sizes }: TokenModel, tokens: Int32Array, rows: readonly number[], draw: DrawTokens): DrawTokens =>
  (probabilities, asked) =>
    asked.kind === "action"
      ? Int32Array.from(rows, (row) => tokens[row * sizes.action + asked.dimension]!)
      : draw(probabilities, asked);

function proposalOf(
  { discretiser, sizes }: TokenModel,
  { low, high }: ActionBox,
  step: TokenStep,
): Proposal<TokenNode> {
  const columns = { from: sizes.observation, count: sizes.action };
  const centres = decode(discretiser, step.tokens.subarray(0, sizes.action), columns);
  return {
    action: Float32Array.from(centres, (value, a) => Math.min(Math.max(value, low[a]!), high[a]!)),
    logProbability: step.logProbability,
    reward: step.reward,
    value: step.value,
    ...(step.ended ? { terminated: true } : {}),
    node: { step },
  };
}
