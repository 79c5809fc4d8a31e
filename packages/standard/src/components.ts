import { behaviourCloning, cql, iql, ppo, sac, td3Bc } from "@lowerbound/actor-critic";
import { combo } from "@lowerbound/combo";
import { d4rlHdf5, minari, parquet, jsonl as rowsOfJson, share } from "@lowerbound/datasets";
import { ensemble } from "@lowerbound/dynamics-ensemble";
import { environmentComponents, terminationComponents } from "@lowerbound/environments";
import { simulator } from "@lowerbound/evaluation";
import { mopo } from "@lowerbound/mopo";
import { morel } from "@lowerbound/morel";
import {
  beamSearchPlanner,
  cem,
  dynamicsPlanningModel,
  gradientPlanner,
  icem,
  mcts,
  mppi,
  planning,
  randomShooting,
  simulatorPlanningModel,
} from "@lowerbound/planners";
import { combined, csv, directory, jsonl, none, standard, tensorboard } from "@lowerbound/runs";
import { auto, cpu, onnx, onnxWeb, tfjsNode, wasm } from "@lowerbound/runtime";
import {
  lstmSequence,
  trajectoryTransformer,
  trajectoryTransformerDensity,
  trajectoryTransformerDynamics,
  trajectoryTransformerPlanningModel,
} from "@lowerbound/trajectory-transformer";
import {
  bellmanInconsistencyPenalty,
  clipPenalty,
  conformalPenalty,
  densityPenalty,
  divergencePenalty,
  ensembleStandardDeviationPenalty,
  ensembleVariancePenalty,
  logLikelihoodVariancePenalty,
  maxAleatoricPenalty,
  maxDeviationPenalty,
  maxPairwiseDifferencePenalty,
  maxPenalty,
  mixtureDensity,
  nearestNeighbourPenalty,
  randomNetworkDistillationPenalty,
  scalePenalty,
  sumPenalty,
} from "@lowerbound/uncertainty-penalties";

const datasets = [d4rlHdf5, minari, rowsOfJson, parquet, share] as const;
const engines = [auto, onnx, onnxWeb, tfjsNode, wasm, cpu] as const;
const penalties = [
  maxAleatoricPenalty,
  maxDeviationPenalty,
  maxPairwiseDifferencePenalty,
  ensembleStandardDeviationPenalty,
  ensembleVariancePenalty,
  logLikelihoodVariancePenalty,
  divergencePenalty,
  nearestNeighbourPenalty,
  randomNetworkDistillationPenalty,
  bellmanInconsistencyPenalty,
  densityPenalty,
  mixtureDensity,
  conformalPenalty,
  sumPenalty,
  maxPenalty,
  scalePenalty,
  clipPenalty,
] as const;
const planners = [randomShooting, cem, icem, mppi, gradientPlanner, beamSearchPlanner, mcts] as const;
const planningModels = [dynamicsPlanningModel, simulatorPlanningModel, trajectoryTransformerPlanningModel] as const;
const runs = [directory, standard, jsonl, csv, tensorboard, combined, none] as const;

/** Every component of the library, for `createPipeline`. */
export const standardComponents = [
  ...datasets,
  ensemble,
  trajectoryTransformer,
  trajectoryTransformerDensity,
  trajectoryTransformerDynamics,
  lstmSequence,
  ...penalties,
  ...terminationComponents,
  mopo,
  morel,
  combo,
  behaviourCloning,
  td3Bc,
  iql,
  cql,
  sac,
  ppo,
  planning,
  ...planners,
  ...planningModels,
  simulator,
  ...environmentComponents,
  ...engines,
  ...runs,
] as const;
