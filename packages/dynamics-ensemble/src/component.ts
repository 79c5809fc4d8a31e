import {
  DataError,
  DynamicsModel,
  defineComponent,
  type FitContext,
  type Fitted,
  hostFloat32,
  type Random,
  specsOf,
} from "@lowerbound/core";
import { type EnsembleFit, fitEnsemble } from "./fit.js";
import { initialiseEnsemble } from "./network.js";
import { type EnsembleOptions, ensembleOptions } from "./options.js";
import { bootstrapRows, type Split, splitRows } from "./rows.js";
import { ensembleNoise, ensemblePredict, ensembleStep } from "./step.js";
import { fitScaler, type Scaler, standardiseTable, tableOf } from "./table.js";

/** The probabilistic ensemble as a model of the dynamics. */
export function createEnsemble(options: EnsembleOptions): DynamicsModel {
  return {
    capabilities: { members: true, logProbability: false, differentiable: true, stateful: false },
    fit: (context) => fit(options, context),
    parameters: specsOf,
    stepNoise: ensembleNoise,
    initialCarry: () => ({}),
    step: ensembleStep,
    predict: ensemblePredict,
    holdout: (rows, random) => splitOf(options, rows, random).holdoutRows,
  };
}

const splitOf = ({ holdoutRatio, maximumHoldout }: EnsembleOptions, rows: number, random: Random): Split =>
  splitRows(random.stream("holdout"), rows, holdoutRatio, maximumHoldout);

async function fit(options: EnsembleOptions, { dataset, engine, random, run }: FitContext): Promise<Fitted> {
  const transitions = await dataset.transitions();
  const table = tableOf(transitions);
  const { trainRows, holdoutRows } = splitOf(options, table.rows, random);
  if (holdoutRows.length === 0) {
    throw new DataError(`${table.rows} transitions are too few to hold some out`, {
      where: "dynamics",
      expected: `at least ${Math.ceil(1 / options.holdoutRatio)} transitions`,
    });
  }
  const scaler = fitScaler(table, trainRows);
  standardiseTable(table, scaler);
  const result = await fitEnsemble({
    engine,
    run,
    dimensions: transitions,
    options,
    table,
    trainRows: trainRows.length,
    holdoutRows,
    epochRows: bootstrapRows(random, options.members, trainRows),
    initial: () => initialiseEnsemble(random.stream("initialise"), transitions, options),
  });
  return fittedOf(result, scaler);
}

/** What a fitted ensemble leaves behind: all that a step of the model needs. */
export function fittedOf({ best, elites, errors, history }: EnsembleFit, { mean, std }: Scaler): Fitted {
  return {
    tensors: {
      ...best,
      inputMean: hostFloat32(mean, mean.length),
      inputStd: hostFloat32(std, std.length),
      elites: { dtype: "int32", shape: [elites.length], data: elites },
    },
    facts: {
      epochs: history.trainLosses.length,
      elites: [...elites],
      holdoutErrors: [...errors],
      trainLoss: history.trainLosses.at(-1) ?? null,
    },
  };
}

/** Dynamics model `ensemble`. */
export const ensemble = defineComponent({
  kind: DynamicsModel,
  type: "ensemble",
  summary: "probabilistic ensemble: each member predicts a Gaussian of the next observation and the reward",
  documentation:
    "Bootstrap sample a member, holdout error with patience, elites. Source: PETS (Chua et al. 2018), MBPO (Janner " +
    "et al. 2019). A member's best snapshot includes the log-variance bounds, which public code leaves at their last.",
  config: ensembleOptions,
  create: createEnsemble,
});
