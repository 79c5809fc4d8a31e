import {
  actionBox,
  createPipeline,
  DynamicsModel,
  type Matrix,
  Planner,
  Random,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { ensemble, ensembleOptions } from "@lowerbound/dynamics-ensemble";
import { neverTermination } from "@lowerbound/environments";
import {
  blocksOf,
  cem,
  createDynamicsHost,
  type DynamicsParts,
  plannerPolicy,
  planningModel,
  sequenceProgram,
} from "@lowerbound/planners";
import { createOnnxEngine, loadNative } from "@lowerbound/runtime";
import { maxAleatoricPenalty } from "@lowerbound/uncertainty-penalties";
import { limitStepOf } from "../program.js";
import type { Prepared } from "../works.js";
import { untrainedEnsemble } from "./fitted.js";
import { dimensions } from "./sizes.js";

const [population, horizon, iterations] = [500, 30, 5];
/** The planning model's own default. */
const rolloutRows = 512;

/** Decisions of CEM in an ensemble of seven, its penalty taken off: sampling, rollouts, refitting and warm start included. */
export async function prepareCem(threads: number): Promise<Prepared> {
  const parts = createPipeline([ensemble, maxAleatoricPenalty, neverTermination, cem], {
    dynamics: { type: "ensemble" },
    penalty: { type: "max-aleatoric" },
    termination: { type: "never" },
    planner: { type: "cem", population, horizon, iterations },
  });
  const model: DynamicsParts = {
    dimensions,
    dynamics: parts.get(DynamicsModel),
    dynamicsTensors: untrainedEnsemble(ensembleOptions.parse({})),
    penalty: parts.get(UncertaintyPenalty),
    penaltyTensors: {},
    penaltyCoefficient: 1,
    termination: parts.get(Termination),
    scoring: { discount: 1, logProbabilityCoefficient: 1 },
    particles: 1,
  };
  const engine = createOnnxEngine("onnx", loadNative, { threads, provider: "cpu" });
  const host = createDynamicsHost(engine, { parts: model, prior: undefined, rolloutRows });
  const policy = plannerPolicy({
    planner: parts.get(Planner),
    model: planningModel(host, actionBox(dimensions.action, 1)),
    replanEvery: 1,
  });
  let state = await policy.init(1, 0);
  const step = async () => {
    ({ state } = await policy.act(observed(), state, { deterministic: true }));
  };
  const blocks = blocksOf(population, rolloutRows);
  const products = sequenceProgram(model, { rows: blocks[0]!, horizon, penalised: true, outputs: "score" });
  return {
    work: { step, repetitions: 5, warmUp: 2, amount: 1 },
    limit: {
      step: await limitStepOf(products, threads),
      repetitions: 20,
      warmUp: 3,
      amount: 1 / (iterations * blocks.length),
    },
  };
}

const observed = (): Matrix => ({
  rows: 1,
  columns: dimensions.observation,
  data: Random.fromSeed(1).normal(new Float32Array(dimensions.observation)),
});
