import { createSerial, type Engine, type PlanningState, Random } from "@lowerbound/core";
import { type BeamStep, beamSearch, stepsOf } from "@lowerbound/planners";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import {
  type Asked,
  createDecoder,
  type DrawTokens,
  decode,
  fitDiscretiser,
  prefixTokens,
  type TokenModel,
  type TokenNode,
  type TransitionSizes,
  tokenProposals,
} from "@lowerbound/trajectory-transformer";
import { z } from "zod";
import { floats, integers } from "./compute.js";
import { architectureOf, ourParameters } from "./gpt-layout.js";

const topK = z.int().nullable();
const schema = z.looseObject({
  observation_size: z.int(),
  action_size: z.int(),
  transition_size: z.int(),
  bins: z.int(),
  beam_width: z.int(),
  expand: z.int(),
  horizon: z.int(),
  context_transitions: z.int(),
  max_context_transitions: z.int(),
  transitions: z.int(),
  k_obs: topK,
  k_act: topK,
  k_rew: topK,
  cdf_act: z.number().nullable(),
  percentile: z.literal("mean"),
  discount: z.number(),
});
type Parameters = z.output<typeof schema>;

/** Beam search over reward and value, with the sampled tokens given. */
export async function sequencePlanSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const parameters = schema.parse(fixture.hyperparameters);
  const { bins, transition_size: width } = parameters;
  const sizes = { observation: parameters.observation_size, action: parameters.action_size };
  const decoder = createDecoder(engine, architectureOf(fixture), ourParameters(fixture, "params."));
  const discretiser = fitDiscretiser(fixture.tensor("in.data").data, width, { bins, strategy: "quantile" });
  const model: TokenModel = {
    decoder,
    discretiser,
    sizes,
    filters: {
      observation: { topK: parameters.k_obs ?? undefined },
      action: { topK: parameters.k_act ?? undefined, cdf: parameters.cdf_act ?? undefined },
      reward: { topK: parameters.k_rew ?? undefined },
    },
    contextTransitions: Math.min(parameters.max_context_transitions, parameters.transitions),
    pastEnds: true,
  };
  const state = stateOf(fixture, parameters);
  const recorded: Record<string, ArrayLike<number>> = {};
  const draw = givenTokens(fixture, parameters, recorded);
  const box = wideBox(sizes.action);
  const proposals = tokenProposals(model, box, { pessimism: "samples", serial: createSerial(), makeDraw: () => draw });
  const found = await beamSearch(proposals, state, searchOptions(parameters), Random.fromSeed(0));
  await decoder.close();
  found.steps.forEach((step, at) => {
    recordStep(recorded, at, step, integers(fixture, `out.step${at}.kept`));
  });
  const plan = stepsOf(found.beams[0]!).map(({ node }) => node as TokenNode);
  const tokens = planTokens(plan, sizes);
  const values = decode(discretiser, tokens);
  return checkAll(fixture, {
    "out.prefix": prefixTokens(discretiser, sizes, state, parameters.context_transitions),
    ...recorded,
    "out.plan_tokens": tokens,
    "out.plan_values": values,
    "out.first_action": values.subarray(sizes.observation, sizes.observation + sizes.action),
  });
}

const searchOptions = ({ horizon, beam_width, expand, discount }: Parameters) => ({
  horizon,
  beamWidth: beam_width,
  samples: expand,
  discount,
  pessimism: "samples" as const,
  logProbabilityCoefficient: 0,
});

const wideBox = (actionSize: number) => ({
  actionSize,
  low: new Float32Array(actionSize).fill(-1e9),
  high: new Float32Array(actionSize).fill(1e9),
});

function stateOf(
  fixture: Fixture,
  { context_transitions: rows, observation_size, action_size }: Parameters,
): PlanningState {
  return {
    observation: floats(fixture, "in.obs"),
    history: {
      observations: { rows, columns: observation_size, data: floats(fixture, "in.context.obs") },
      actions: { rows, columns: action_size, data: floats(fixture, "in.context.act") },
      rewards: floats(fixture, "in.context.rew"),
    },
  };
}

/** Tokens of the golden file in the order of our rows, whose samples of a beam stand together; theirs go sample by sample. */
function givenTokens(
  fixture: Fixture,
  { beam_width: beams, expand }: Parameters,
  recorded: Record<string, ArrayLike<number>>,
): DrawTokens {
  let step = 0;
  return (probabilities, { kind, dimension, rows }: Asked) => {
    const observing = kind === "observation";
    const name = observing ? "obs" : kind === "action" ? "action" : "reward";
    const theirs = (row: number) => (observing ? row : (row % expand) * beams + Math.floor(row / expand));
    const all = integers(fixture, `in.step${step}.${name}_tokens`);
    const from = (kind === "value" ? 1 : dimension) * rows;
    if (kind === "action" || observing) {
      record(recorded, `out.step${step}.${name}_probs`, probabilities, { dimension, rows, theirs });
    }
    if (observing && from + rows === all.length) step++;
    return Int32Array.from({ length: rows }, (_, row) => all[from + theirs(row)]!);
  };
}

interface Order {
  readonly dimension: number;
  readonly rows: number;
  readonly theirs: (row: number) => number;
}

/** Probabilities of one dimension [rows, tokens] into [dimensions, rows, tokens], in the golden file's order. */
function record(
  recorded: Record<string, ArrayLike<number>>,
  name: string,
  probabilities: Float64Array,
  { dimension, rows, theirs }: Order,
): void {
  const tokens = probabilities.length / rows;
  const all = [...Array.from(recorded[name] ?? [])];
  for (let row = 0; row < rows; row++) {
    for (let token = 0; token < tokens; token++) {
      all[(dimension * rows + theirs(row)) * tokens + token] = probabilities[row * tokens + token]!;
    }
  }
  recorded[name] = all;
}

function recordStep(
  recorded: Record<string, ArrayLike<number>>,
  at: number,
  { candidates, kept }: BeamStep,
  theirs: Int32Array,
): void {
  recorded[`out.step${at}.values`] = candidates.map(({ score }) => score);
  recorded[`out.step${at}.kept`] = kept.map((index, i) => copyOf(candidates, index, theirs[i]!));
  recorded[`out.step${at}.kept_values`] = kept.map((index) => candidates[index]!.score);
}

/** Of copies of one sequence, the one that the golden file names: their order does not matter. */
function copyOf(candidates: BeamStep["candidates"], ours: number, theirs: number): number {
  const tokens = (index: number) =>
    stepsOf(candidates[index]!)
      .flatMap(({ node }) => [...(node as TokenNode).step!.from.tokens, ...(node as TokenNode).step!.tokens])
      .join();
  return tokens(ours) === tokens(theirs) ? theirs : ours;
}

/** The plan's transitions: the first observation is the present one, later ones are those drawn. */
function planTokens(nodes: readonly TokenNode[], { observation }: TransitionSizes): Int32Array {
  return Int32Array.from(
    nodes.flatMap(({ step }) => [...step!.from.tokens.slice(step!.from.tokens.length - observation), ...step!.tokens]),
  );
}
