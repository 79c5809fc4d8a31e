import {
  type DensityModel,
  type Dimensions,
  type Engine,
  type Fitted,
  float32,
  type Matrix,
  type Random,
  type Specs,
  type TensorProgram,
  type TensorState,
  type Transitions,
  zeros,
} from "@lowerbound/core";
import {
  adamUpdate,
  clockSpec,
  differentiate,
  flatSpec,
  flatten,
  flattenHost,
  initialiseNetwork,
  layersOf,
  layoutOf,
  mlp,
  networkSpecs,
  relu,
  tanhGaussianLogProbability,
  tick,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { insideBox, matrixOf, pickRows } from "./act-all.js";
import { inBatches } from "./in-batches.js";
import { scaled, scalingOf } from "./scaling.js";

/** Density of the policy that logged the data. */
export interface BehaviourDensity {
  /** log-density [rows] of actions at observations, in nats. */
  logProbability(observations: Matrix, actions: Matrix): Promise<Float64Array>;
  dispose(): Promise<void>;
}

/** Options of the cloned behaviour density. */
export const behaviourOptions = z.object({
  hiddenSizes: z.array(z.int().positive()).min(1).default([256, 256]).describe("units of each hidden layer"),
  updates: z.int().positive().default(5_000).describe("updates"),
  batchSize: z.int().positive().default(256).describe("transitions of an update"),
  learningRate: z.number().positive().default(1e-3).describe("Adam's step size"),
});

export type BehaviourOptions = z.output<typeof behaviourOptions>;

const BATCH = 1024;
/** Actions in [-1, 1]; the stable form of the squashing's derivative. */
const SQUASH = { maximum: 1, logDerivative: "stable" } as const;

const sizesOf = ({ observation, action }: Dimensions, { hiddenSizes }: BehaviourOptions) => ({
  sizes: [observation, ...hiddenSizes, 2 * action],
});

const layoutFor = (dimensions: Dimensions, options: BehaviourOptions) =>
  layoutOf(networkSpecs(sizesOf(dimensions, options)));

const logDensity = (observation: Tensor, action: Tensor, network: Readonly<Record<string, Tensor>>): Tensor =>
  tanhGaussianLogProbability(mlp(observation, layersOf(network), relu), action, SQUASH);

function cloneProgram(dimensions: Dimensions, options: BehaviourOptions): TensorProgram {
  const layout = layoutFor(dimensions, options);
  const flat = flatSpec(layout);
  const state: Specs = { network: flat, "m/network": flat, "v/network": flat, clock: clockSpec };
  const batch = options.batchSize;
  return {
    name: "behaviour-density-update",
    state,
    inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
    noise: {},
    fn: (tensors) => {
      const { loss, gradients } = differentiate(unflatten(tensors.network!, layout), (network) => ({
        loss: tf.neg(tf.mean(logDensity(tensors.observation!, tensors.action!, network))),
        extras: {},
      }));
      const clock = tick(tensors.clock!);
      return { ...adamUpdate(tensors, { network: flatten(gradients, layout) }, clock, options), clock, loss };
    },
  };
}

function densityProgram(dimensions: Dimensions, options: BehaviourOptions): TensorProgram {
  const layout = layoutFor(dimensions, options);
  return {
    name: "behaviour-density",
    state: { network: flatSpec(layout) },
    inputs: { observation: float32(BATCH, dimensions.observation), action: float32(BATCH, dimensions.action) },
    noise: {},
    fn: ({ observation, action, network }) => ({
      value: logDensity(observation!, action!, unflatten(network!, layout)),
    }),
  };
}

export interface BehaviourJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  readonly options: BehaviourOptions;
  readonly random: Random;
}

/**
 * Clone the policy that logged the data as a Gaussian squashed by tanh, by maximum likelihood.
 *
 * Ratios against a cloned density are biased by what the clone misses (Hanna, Niekum and Stone 2019 show that it can
 * also lower their variance); data of several policies are one mixture to it.
 */
export async function cloneBehaviour({
  engine,
  transitions,
  options,
  random,
}: BehaviourJob): Promise<BehaviourDensity> {
  const layout = layoutFor(transitions, options);
  const program = await engine.compile(cloneProgram(transitions, options));
  const initialiser = { weight: uniformFanIn, bias: uniformFanIn };
  const fresh = initialiseNetwork(random.stream("initialise"), sizesOf(transitions, options), initialiser);
  const blank = Object.entries(program.program.state).map(([name, spec]) => [name, zeros(spec)] as const);
  const state: TensorState = new Map([...blank, ["network", flattenHost(fresh, layout)]]);
  const scaling = scalingOf(transitions);
  const observations = scaled(matrixOf(transitions.observations, transitions.observation), scaling);
  const actions = insideBox(matrixOf(transitions.actions, transitions.action));
  const sampler = random.stream("batches");
  const picks = new Int32Array(options.batchSize);
  for (let update = 0; update < options.updates; update++) {
    sampler.integers(picks, transitions.count);
    await program.run(state, {
      observation: pickRows(observations, picks).data,
      action: pickRows(actions, picks).data,
    });
  }
  await program.dispose();
  const density = await engine.compile(densityProgram(transitions, options));
  const network: TensorState = new Map([["network", state.get("network")!]]);
  return {
    logProbability: (given, taken) =>
      inBatches(
        density,
        network,
        { observation: scaled(given, scaling), action: taken },
        { output: "value", batch: BATCH },
      ),
    dispose: () => density.dispose(),
  };
}

/** A fitted density model of p(action | observation) as the behaviour's. */
export async function densityBehaviour(
  model: DensityModel,
  { tensors }: Fitted,
  { engine, dimensions }: { readonly engine: Engine; readonly dimensions: Dimensions },
): Promise<BehaviourDensity> {
  const program = await engine.compile({
    name: "behaviour-density",
    state: model.parameters(tensors),
    inputs: { observation: float32(BATCH, dimensions.observation), action: float32(BATCH, dimensions.action) },
    noise: {},
    fn: ({ observation, action, ...params }) => ({
      value: model.logProbability({ observation: observation!, action: action! }, params),
    }),
  });
  const state: TensorState = new Map(Object.entries(tensors));
  return {
    logProbability: (observation, action) =>
      inBatches(program, state, { observation, action }, { output: "value", batch: BATCH }),
    dispose: () => program.dispose(),
  };
}
