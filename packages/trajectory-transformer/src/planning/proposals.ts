import {
  type ActionBox,
  ConfigError,
  type Pessimism,
  type Proposal,
  type ProposalModel,
  type Serial,
} from "@lowerbound/core";
import { decode, encode } from "../discretise/discretiser.js";
import { type DrawTokens, drawn } from "../search/draw.js";
import { statesOf, stepsOf, type TokenNode } from "./nodes.js";
import type { TokenModel, TokenStep } from "./transitions.js";

/** How tokens are drawn, given the random stream of the call: its own choice, for comparisons with given draws. */
export type MakeDraw = (random: Parameters<typeof drawn>[0]) => DrawTokens;

/**
 * Continuations that a model of trajectories proposes.
 *
 * Actions are drawn from P_beta token by token, rewards and values are expectations of their distributions, the next
 * observation is drawn when a node is gone on from. Log-probabilities are of the action's bins, in nats, nothing
 * filtered: probabilities, not densities, since a bin may have no width.
 */
export function tokenProposals(
  model: TokenModel,
  box: ActionBox,
  {
    pessimism,
    serial,
    makeDraw = drawn,
  }: { readonly pessimism: Pessimism; readonly serial: Serial; readonly makeDraw?: MakeDraw },
): ProposalModel<TokenNode> {
  const proposed = (step: TokenStep) => proposalOf(model, box, step);
  return {
    ...box,
    pessimism,
    root: (state) => ({ start: state }),
    expand: (nodes, k, random) =>
      serial(async () => {
        const draw = makeDraw(random);
        const states = await statesOf(model, nodes, draw);
        const steps = await stepsOf(model, states, k, () => draw);
        return steps.map((of) => of.map(proposed));
      }),
    advance: (nodes, actions, random) =>
      serial(async () => {
        const draw = makeDraw(random);
        const tokens = actionTokens(model, actions, nodes.length);
        const states = await statesOf(model, nodes, draw);
        const steps = await stepsOf(model, states, 1, (rows) => given(model, tokens, rows, draw));
        return steps.map(([step]) => proposed(step!));
      }),
  };
}

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
    node: { step },
  };
}
