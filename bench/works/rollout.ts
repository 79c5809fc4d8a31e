import {
  createRingBuffer,
  dynaShape,
  type RolloutJob,
  type RolloutParts,
  rollOut,
  rolloutProgram,
  sac,
} from "@lowerbound/actor-critic";
import {
  createPipeline,
  DynamicsModel,
  drawNoise,
  type HostTensors,
  Optimiser,
  Random,
  scoped,
  Termination,
  type TypedArray,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { ensemble, ensembleOptions } from "@lowerbound/dynamics-ensemble";
import { neverTermination } from "@lowerbound/environments";
import { penalisedReward } from "@lowerbound/mopo";
import { maxAleatoricPenalty } from "@lowerbound/uncertainty-penalties";
import { z } from "zod";
import myPenalty from "../../examples/my-penalty.js";
import { compiledFor, limitStepOf, normal } from "../program.js";
import type { Prepared } from "../works.js";
import { untrainedEnsemble } from "./fitted.js";
import { dimensions } from "./sizes.js";

const starts = 50_000;
const rolloutLength = 5;
const penaltyCoefficient = 0.5;

/** Policy, ensemble and MOPO's penalty through the trainer's rollout: noise, chunks and storing included. */
export const prepareRollout = (threads: number): Promise<Prepared> =>
  prepare(
    threads,
    createPipeline([maxAleatoricPenalty], { penalty: { type: "max-aleatoric" } }).get(UncertaintyPenalty),
  );

/** The same with the penalty of a user's file. */
export const prepareCustomRollout = (threads: number): Promise<Prepared> =>
  prepare(threads, createPipeline([myPenalty], { penalty: { type: "mean-aleatoric" } }).get(UncertaintyPenalty));

function partsWith(penalty: UncertaintyPenalty): RolloutParts & { readonly optimiser: Optimiser } {
  const parts = createPipeline([ensemble, sac, neverTermination], {
    dynamics: { type: "ensemble" },
    optimiser: { type: "sac" },
    termination: { type: "never" },
  });
  return {
    dimensions,
    dynamics: parts.get(DynamicsModel),
    dynamicsTensors: untrainedEnsemble(ensembleOptions.parse({})),
    penalty,
    penaltyTensors: {},
    termination: parts.get(Termination),
    optimiser: parts.get(Optimiser),
    hooks: penalisedReward(penaltyCoefficient),
  };
}

async function prepare(threads: number, penalty: UncertaintyPenalty): Promise<Prepared> {
  const parts = partsWith(penalty);
  const { rolloutRows: rows } = z.object(dynaShape).parse({});
  const program = rolloutProgram(parts, { rows });
  const policy = parts.optimiser.initialise(dimensions, Random.fromSeed(4));
  const tensors: HostTensors = { ...policy, ...scoped("dynamics", parts.dynamicsTensors) };
  const ring = createRingBuffer(dimensions, starts * rolloutLength);
  const random = Random.fromSeed(5);
  const noise: Record<string, TypedArray> = {};
  const job: RolloutJob = {
    program: await compiledFor(program, threads),
    state: new Map(Object.entries(tensors)),
    rows,
    starts: normal(starts * dimensions.observation),
    rolloutLength,
    draw: () => drawNoise(random, program.noise, noise),
    store: (block) => ring.add(block, block.count),
  };
  const step = async () => {
    await rollOut(job);
  };
  return {
    work: { step, repetitions: 2, warmUp: 1, amount: starts * rolloutLength },
    limit: { step: await limitStepOf(program, threads), repetitions: 200, warmUp: 20, amount: rows },
  };
}
