import type { RolloutParts } from "@lowerbound/actor-critic";
import {
  createUntypedPipeline,
  type Dataset,
  DynamicsModel,
  type Engine,
  type Fitted,
  Optimiser,
  Random,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { ensembleOptions } from "@lowerbound/dynamics-ensemble";
import { penalisedReward } from "@lowerbound/mopo";
import { createOnnxEngine, loadNative } from "@lowerbound/runtime";
import { standardComponents } from "@lowerbound/standard";
import { memoryRun } from "@lowerbound/testing";
import type { Row } from "../compare.js";
import { normal, symmetric } from "../program.js";
import { median, rounded } from "../statistics.js";
import { untrainedEnsemble } from "./fitted.js";
import { dimensions } from "./sizes.js";
import { type TimedRollout, timedRollout } from "./timed-rollout.js";

const ROWS = 1000;
const WARM_UP = 5;
/** Steps of each penalty in a round. */
const STEPS = 10;
/** Fits need not be good ones to be timed. */
const few = { updates: 20 };

const reference = "max-aleatoric";
/** Divergence's measures beside its default. */
const measures = [
  "kl",
  "jensen-renyi",
  "pinsker",
  "total-variation-bound",
  "marginal-total-variation",
  "wasserstein-2",
];

interface Options {
  readonly type: string;
  readonly measure?: string;
  readonly [option: string]: unknown;
}

/** Options of every penalty that stands for itself; those that lower Bellman targets lower rewards here. */
export const timedPenalties: readonly Options[] = [
  { type: reference },
  { type: "max-pairwise-difference" },
  { type: "max-deviation" },
  { type: "ensemble-standard-deviation" },
  { type: "ensemble-variance" },
  { type: "log-likelihood-variance" },
  { type: "divergence" },
  ...measures.map((measure) => ({ type: "divergence", measure })),
  { type: "nearest-neighbour" },
  { type: "random-network-distillation", ...few },
  { type: "bellman-inconsistency", appliesTo: "reward" },
  { type: "density", density: { type: "mixture-density", ...few } },
  { type: "conformal", penalty: { type: reference } },
];

/** Time of an imagined step under each penalty over that under max-aleatoric, steps of all taking turns in one process. */
export async function comparePenalties(rounds: number, threads: number): Promise<readonly Row[]> {
  const engine = createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" });
  const sides = [await sideOf({ type: "none" }, engine)];
  for (const options of timedPenalties) sides.push(await sideOf(options, engine));
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < STEPS; step++) for (const side of sides) await side.step();
    console.log(`penalties round ${round + 1}: ${sides.length} sides`);
  }
  const milliseconds = new Map(sides.map(({ name, times }) => [name, median(times.slice(WARM_UP))]));
  for (const { dispose } of sides) await dispose();
  const base = milliseconds.get(reference)!;
  return [...milliseconds].map(([name, ours]) => ({
    work: `penalty ${name}`,
    unit: "ms",
    ours: rounded(ours),
    builtIn: rounded(base),
    ofBuiltIn: rounded(ours / base),
    rounds,
    threads,
  }));
}

interface TimedSide extends TimedRollout {
  readonly name: string;
}

/** Steps of {@link ROWS} rows under a penalty; `none` has no penalty. */
async function sideOf(options: Options, engine: Engine): Promise<TimedSide> {
  const parts = await partsWith(options, engine);
  const policy = parts.optimiser.initialise(dimensions, Random.fromSeed(4));
  const observations = normal(ROWS * dimensions.observation);
  const name = [options.type, options.measure].filter((part) => part !== undefined).join(" ");
  return { name, ...(await timedRollout(engine, parts, { policy, observations })) };
}

async function partsWith(options: Options, engine: Engine): Promise<RolloutParts & { readonly optimiser: Optimiser }> {
  const penalised = options.type === "none" ? {} : { penalty: options };
  const parts = createUntypedPipeline(standardComponents, {
    dynamics: { type: "ensemble" },
    optimiser: { type: "sac" },
    termination: { type: "never" },
    ...penalised,
  });
  const penalty = options.type === "none" ? undefined : parts.get(UncertaintyPenalty);
  const dynamicsTensors = untrainedEnsemble(ensembleOptions.parse({}));
  return {
    dimensions,
    dynamics: parts.get(DynamicsModel),
    dynamicsTensors,
    penalty,
    penaltyTensors: (await fitted(penalty, { tensors: dynamicsTensors, facts: {} }, engine)).tensors,
    termination: parts.get(Termination),
    optimiser: parts.get(Optimiser),
    hooks: penalisedReward(1),
  };
}

/** A penalty fitted to noise: as many points as nearest-neighbour compares with by default. */
async function fitted(penalty: UncertaintyPenalty | undefined, dynamics: Fitted, engine: Engine): Promise<Fitted> {
  if (penalty?.fit === undefined) return { tensors: {}, facts: {} };
  return penalty.fit({
    dataset: noiseOf(100_000),
    heldOut: noiseOf(20_000),
    engine,
    random: Random.fromSeed(6),
    run: memoryRun(),
    fitted: () => dynamics,
  });
}

function noiseOf(steps: number): Dataset {
  const { observation, action } = dimensions;
  return inMemoryDataset({
    name: "noise",
    ...dimensions,
    observations: normal(steps * observation),
    actions: symmetric(steps * action),
    rewards: normal(steps),
    terminations: new Uint8Array(steps),
    timeouts: Uint8Array.from({ length: steps }, (_, step) => (step % 1000 === 999 ? 1 : 0)),
    nextObservations: normal(steps * observation),
  });
}
