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
} from "@lowerbound/core";
import {
  flatSpec,
  freshUpdateState,
  layersOf,
  mlp,
  networkLayout,
  networkUpdate,
  relu,
  tanhGaussianLogProbability,
  unflatten,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { matrixOf, pickRows } from "./act-all.js";
import { insideBox } from "./inside-box.js";
import { scaled, scalingOf } from "./scaling.js";
import { valuesOf } from "./values-of.js";

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

const sizesOf = ({ observation, action }: Dimensions, { hiddenSizes }: BehaviourOptions) => ({
  sizes: [observation, ...hiddenSizes, 2 * action],
});

/** A clone's options and the half-width of its action box. */
type CloneOptions = BehaviourOptions & { readonly maximumAction: number };

const logDensity = (
  observation: Tensor,
  action: Tensor,
  network: Readonly<Record<string, Tensor>>,
  { maximumAction }: CloneOptions,
): Tensor =>
  tanhGaussianLogProbability(mlp(observation, layersOf(network), relu), action, {
    maximum: maximumAction,
    logDerivative: "stable",
  });

const cloneProgram = (dimensions: Dimensions, options: CloneOptions): TensorProgram =>
  networkUpdate({
    name: "behaviour-density-update",
    shape: sizesOf(dimensions, options),
    learningRate: options.learningRate,
    inputs: pairSpecs(dimensions, options.batchSize),
    loss: (network, { observation, action }) => tf.neg(tf.mean(logDensity(observation!, action!, network, options))),
  });

const pairSpecs = ({ observation, action }: Dimensions, batch: number): Specs => ({
  observation: float32(batch, observation),
  action: float32(batch, action),
});

function densityProgram(dimensions: Dimensions, options: CloneOptions): TensorProgram {
  const layout = networkLayout(sizesOf(dimensions, options));
  return {
    name: "behaviour-density",
    state: { network: flatSpec(layout) },
    inputs: pairSpecs(dimensions, BATCH),
    noise: {},
    fn: ({ observation, action, network }) => ({
      value: logDensity(observation!, action!, unflatten(network!, layout), options),
    }),
  };
}

export interface BehaviourJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  readonly options: BehaviourOptions;
  readonly random: Random;
  /** Half-width of the box that actions lie in; 1 where left out. */
  readonly maximumAction?: number;
}

/**
 * Clone the policy that logged the data as a Gaussian squashed by tanh, by maximum likelihood.
 *
 * Ratios against a cloned density are biased by what the clone misses (Hanna, Niekum and Stone 2019 show that it can
 * also lower their variance); data of several policies are one mixture to it.
 *
 * @throws CapabilityError for a logged action outside the box
 */
export async function cloneBehaviour(job: BehaviourJob): Promise<BehaviourDensity> {
  const { engine, transitions, random } = job;
  const options = { ...job.options, maximumAction: job.maximumAction ?? 1 };
  const actions = insideBox(matrixOf(transitions.actions, transitions.action), options.maximumAction);
  const program = await engine.compile(cloneProgram(transitions, options));
  const fresh = freshUpdateState(random.stream("initialise"), sizesOf(transitions, options));
  const state: TensorState = new Map(Object.entries(fresh));
  const scaling = scalingOf(transitions);
  const observations = scaled(matrixOf(transitions.observations, transitions.observation), scaling);
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
    logProbability: (given, taken) => valuesOf(density, network, scaled(given, scaling), taken),
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
    inputs: pairSpecs(dimensions, BATCH),
    noise: {},
    fn: ({ observation, action, ...params }) => ({
      value: model.logProbability({ observation: observation!, action: action! }, params),
    }),
  });
  const state: TensorState = new Map(Object.entries(tensors));
  return {
    logProbability: (observation, action) => valuesOf(program, state, observation, action),
    dispose: () => program.dispose(),
  };
}
