// Models of the line world to plan in: exact, a fitted ensemble, the simulator, and one of a user's own.
import {
  actionBox,
  type Engine,
  type HostTensors,
  type PlanningModel,
  type Policy,
  type ProposalModel,
  Random,
  type SequenceModel,
  type UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { ensemble } from "@lowerbound/dynamics-ensemble";
import { endless, lineDynamics, lineEnvironment, lineWorld, memoryRun, wideLine } from "@lowerbound/testing";
import {
  createLstm,
  createTransformer,
  fittedModel,
  lstmOptions,
  tokenPlanningModel,
  transformerOptions,
} from "@lowerbound/trajectory-transformer";
import * as tf from "@tensorflow/tfjs";
import { createDynamicsHost, type DynamicsParts, openSimulator, planningModel, policyPrior } from "../src/index.js";
import { ALONE } from "./planners.js";

export const dimensions = { observation: 2, action: 1 };
const box = actionBox(1, 1);
const scoring = { discount: 1, logProbabilityCoefficient: 0.01 };

/** The behaviour that logged the line world: a = -0.5 x and noise of 0.3, here known instead of cloned. */
export const behaviour: Policy<{ readonly random: Random }> = {
  capabilities: { stochastic: true, logProbability: true },
  init: async (_, seed) => ({ random: Random.fromSeed(seed) }),
  act: async ({ rows, columns, data }, { random }) => {
    const noise = random.normal(new Float32Array(rows));
    const actions = noise.map((z, row) => -0.5 * data[row * columns]! + 0.3 * z);
    return { actions: { rows, columns: 1, data: actions }, state: { random } };
  },
  logProbability: async ({ columns, data }, actions) =>
    actions.data.map((action, row) => {
      const z = (action + 0.5 * data[row * columns]!) / 0.3;
      return -0.5 * z * z - Math.log(0.3) - 0.5 * Math.log(2 * Math.PI);
    }),
  close: async () => {},
};

/** The same as a pure function on tensors. */
const pureBehaviour: NonNullable<Policy["pure"]> = {
  tensors: {},
  function: {
    state: () => ({}),
    noise: (_, batch) => ({ action: { distribution: "normal", shape: [batch, 1] } }),
    act: (observation, _, noise) => {
      const mean = tf.mul(-0.5, tf.slice(observation, [0, 0], [-1, 1]));
      return noise === undefined ? mean : tf.add(mean, tf.mul(0.3, noise.action!));
    },
    logProbability: (observation, action) => {
      const z = tf.div(tf.add(action, tf.mul(0.5, tf.slice(observation, [0, 0], [-1, 1]))), 0.3);
      return tf.sub(tf.mul(-0.5, tf.square(z)), Math.log(0.3) + 0.5 * Math.log(2 * Math.PI));
    },
  },
};

export interface DynamicsChanges extends Partial<DynamicsParts> {
  readonly withPrior?: boolean;
  /** Whether the prior is also known as a pure function. */
  readonly pure?: boolean;
}

/** Planning in a model of the dynamics, exact unless told otherwise. */
export function inDynamics(
  engine: Engine,
  { withPrior = true, pure = true, ...changes }: DynamicsChanges = {},
): PlanningModel {
  const parts: DynamicsParts = {
    dimensions,
    dynamics: lineDynamics(),
    dynamicsTensors: {},
    penalty: undefined,
    penaltyTensors: {},
    penaltyCoefficient: 1,
    termination: endless,
    scoring,
    particles: 1,
    ...changes,
  };
  const policy: Policy = pure ? ({ ...behaviour, pure: pureBehaviour } as Policy) : (behaviour as Policy);
  const prior = withPrior ? policyPrior(policy, dimensions.observation, box) : undefined;
  return planningModel(createDynamicsHost(engine, { parts, prior, rolloutRows: 512 }), box);
}

/** The largest predicted standard deviation of a member. */
const spread: UncertaintyPenalty = {
  penalise: ({ logVar }) => tf.max(tf.norm(tf.exp(tf.mul(0.5, logVar)), 2, -1), 0),
};

const ensembleOptions = ensemble.config.parse({
  members: 3,
  elites: 2,
  hiddenSizes: [32],
  weightDecays: [0, 0],
  learningRate: 0.01,
  maximumEpochs: 60,
});

export const makeEnsemble = () => ensemble.create(ensembleOptions, ALONE);

export async function fitEnsemble(engine: Engine): Promise<HostTensors> {
  const { tensors } = await makeEnsemble().fit({
    dataset: inMemoryDataset(lineWorld(1000, 1)),
    engine,
    random: Random.fromSeed(1),
    run: memoryRun(),
    fitted: () => ({ tensors: {}, facts: {} }),
  });
  return tensors;
}

export const inEnsemble = (engine: Engine, dynamicsTensors: HostTensors): PlanningModel =>
  inDynamics(engine, {
    dynamics: makeEnsemble(),
    dynamicsTensors,
    penalty: spread,
    penaltyCoefficient: 0.1,
    particles: 2,
  });

const sequenceOptions = {
  transitions: 2,
  bins: 40,
  strategy: "uniform",
  layers: 1,
  embedding: 32,
  updates: 1000,
  batchSize: 32,
  learningRate: 5e-3,
  dropout: 0,
  discount: 0.5,
};

export const inTransformer = (engine: Engine) =>
  inSequence(engine, createTransformer(transformerOptions.parse({ ...sequenceOptions, heads: 2 })));

export const inLstm = (engine: Engine) =>
  inSequence(
    engine,
    createLstm(lstmOptions.parse({ ...sequenceOptions, embedding: 64, learningRate: 1e-2, updates: 4000 })),
  );

async function inSequence(engine: Engine, model: SequenceModel): Promise<PlanningModel> {
  return openSequence(engine, await fitSequence(engine, model));
}

/** A model of trajectories of a log of actions of all sizes: a density knows nothing of others. */
export async function fitSequence(engine: Engine, model: SequenceModel): Promise<HostTensors> {
  const { tensors } = await model.fit({
    dataset: wideLine(6000, 6),
    engine,
    random: Random.fromSeed(1),
    run: memoryRun(),
    fitted: () => ({ tensors: {}, facts: {} }),
  });
  return tensors;
}

/** Planning in it. */
export function openSequence(engine: Engine, tensors: HostTensors): PlanningModel {
  const filters = { observation: { topK: 1 }, action: {}, reward: { topK: 1 } };
  return tokenPlanningModel(engine, fittedModel(tensors), { filters, contextTransitions: 2, scoring, box });
}

export const inSimulator = (): Promise<PlanningModel> => openSimulator(lineEnvironment, dimensions, scoring);

/** A user's own: exact steps on the host, actions of the behaviour, and a value of what follows. */
export const ownModel: PlanningModel = {
  ...box,
  observationSize: 2,
  contextLength: 0,
  offers: { sequences: ["none", "log-probability"], proposals: ["samples", "log-probability", "none"] },
  refusesGradient: "it is plain code",
  scoring,
  proposals: ({ pessimism }): ProposalModel<number> => {
    const prior = policyPrior(behaviour, 1, box);
    const advance = async (nodes: readonly number[], actions: Float32Array) => {
      const logs = await prior.logProbability(Float32Array.from(nodes), actions);
      return nodes.map((x, i) => {
        const next = x + 0.5 * actions[i]!;
        const action = actions.slice(i, i + 1);
        return { action, logProbability: logs[i]!, reward: 1 - next * next, value: -next * next, node: next };
      });
    };
    return {
      ...box,
      pessimism,
      root: ({ observation }) => observation[0]!,
      expand: async (nodes, k, random) => {
        const repeated = nodes.flatMap((node) => Array.from({ length: k }, () => node));
        const actions = await prior.sample(Float32Array.from(repeated), random);
        const flat = await advance(repeated, actions);
        return nodes.map((_, n) => flat.slice(n * k, (n + 1) * k));
      },
      advance,
    };
  },
  close: async () => {},
};
