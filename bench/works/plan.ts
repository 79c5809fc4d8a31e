import { actionBox, createSerial, Random, type TensorProgram } from "@lowerbound/core";
import { type BeamSearchOptions, beamSearch } from "@lowerbound/planners";
import { createOnnxEngine, loadNative } from "@lowerbound/runtime";
import {
  type Architecture,
  createDecoder,
  fitDiscretiser,
  initialiseGpt,
  stepProgram,
  type TokenModel,
  tokenProposals,
} from "@lowerbound/trajectory-transformer";
import { limitStepOf, normal } from "../program.js";
import type { Prepared } from "../works.js";

const sizes = { observation: 11, action: 3 };
/** As the baseline's network: 20 transitions of 16 tokens, without a token for the end of an episode. */
const architecture: Architecture = {
  layers: 4,
  heads: 4,
  embedding: 128,
  transition: sizes.observation + sizes.action + 2,
  bins: 100,
  terminates: false,
  positions: 320,
};
/** Transitions before the present observation. */
const before = 4;
const samples = 2;

export interface PlanSizes {
  readonly beamWidth: number;
  readonly horizon: number;
  /** Longest context, in transitions: the published one is 5, the baseline never cuts. */
  readonly contextTransitions: number;
}

/** One plan by beam search: context of four transitions, drawing and keeping tokens on the host included. */
export async function preparePlan(
  threads: number,
  { beamWidth, horizon, contextTransitions }: PlanSizes,
): Promise<Prepared> {
  const engine = createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" });
  const { transition: width, bins } = architecture;
  const model: TokenModel = {
    decoder: createDecoder(engine, architecture, initialiseGpt(Random.fromSeed(3), architecture)),
    discretiser: fitDiscretiser(normal(1000 * width), width, { bins, strategy: "uniform" }),
    sizes,
    filters: { observation: { topK: 1 }, action: {}, reward: { topK: 1 } },
    contextTransitions,
  };
  const proposals = tokenProposals(model, actionBox(sizes.action, 1), { pessimism: "samples", serial: createSerial() });
  const options: BeamSearchOptions = {
    horizon,
    beamWidth,
    samples,
    discount: 0.99,
    pessimism: "samples",
    logProbabilityCoefficient: 0,
  };
  const random = Random.fromSeed(0);
  const state = startOf(normal((before + 1) * width));
  const step = async () => {
    await beamSearch(proposals, state, options, random);
  };
  return {
    work: { step, repetitions: 1, warmUp: 1, amount: 1 },
    limit: {
      step: await tokenProducts(beamWidth, horizon, threads),
      repetitions: 20,
      warmUp: 3,
      amount: 1 / (4 * horizon),
    },
  };
}

function startOf(numbers: Float32Array) {
  const { observation, action } = sizes;
  const matrix = (columns: number) => ({ rows: before, columns, data: numbers.slice(0, before * columns) });
  return {
    observation: numbers.slice(-observation),
    history: { observations: matrix(observation), actions: matrix(action), rewards: numbers.slice(0, before) },
  };
}

/** Products of a quarter of a transition in the middle of the plan: an action's token, and three of observations. */
async function tokenProducts(nodes: number, horizon: number, threads: number): Promise<() => Promise<void>> {
  const { observation, action } = sizes;
  const keys = architecture.transition - 1;
  const past = Math.floor(horizon / 2) * keys;
  const prefix = before * keys + observation;
  const program = (...[of, shared, own]: [number, readonly number[], number]): TensorProgram =>
    stepProgram(architecture, { nodes, samples: of, prefix, shared, own });
  const acting = await limitStepOf(program(samples, [past, observation], action + 1), threads);
  const observing = await limitStepOf(program(1, [past], observation), threads);
  return async () => {
    await acting();
    for (let i = 0; i < 3; i++) await observing();
  };
}
