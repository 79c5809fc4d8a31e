import { type CompiledProgram, type HostTensors, overRows, type Random, type TensorState } from "@lowerbound/core";
import type { RingBuffer } from "../replay/ring-buffer.js";
import { gatherColumns } from "../replay/sample.js";
import { type Discounting, estimateAdvantages, standardise } from "./advantages.js";

/** The newest rollout with its advantages: what mini-batches are drawn from. */
export interface FreshRollout {
  /** Estimate the advantages of the rollout in the buffer, with the tensors that acted in it. */
  prepare(acted: HostTensors): Promise<void>;
  /** Mini-batch number `index` since that rollout; the same arrays every time. */
  batch(index: number, update: number): Readonly<Record<string, Float32Array>>;
}

export interface FreshRolloutJob extends Discounting {
  readonly program: CompiledProgram;
  readonly ring: RingBuffer;
  readonly starts: number;
  readonly rolloutLength: number;
  readonly batchSize: number;
  /** Root of the streams that shuffle. */
  readonly random: Random;
}

interface Shuffled {
  readonly name: string;
  readonly order: Int32Array;
}

const unshuffled: Shuffled = { name: "", order: new Int32Array(0) };

/** Mini-batches go through shuffles of the rollout one after the other, each named by its rollout: no state to save. */
export function createFreshRollout(job: FreshRolloutJob): FreshRollout {
  const { ring, batchSize, random } = job;
  const { observation, action } = ring.rows;
  const into = {
    observation: new Float32Array(batchSize * observation),
    action: new Float32Array(batchSize * action),
    logProbability: new Float32Array(batchSize),
    advantage: new Float32Array(batchSize),
    valueTarget: new Float32Array(batchSize),
  };
  let figures: Figures | undefined;
  let shuffled: Shuffled = unshuffled;
  const orderOf = (name: string, count: number): Int32Array => {
    if (shuffled.name !== name) shuffled = { name, order: random.stream(name).permutation(count) };
    return shuffled.order;
  };
  return {
    prepare: async (acted) => {
      figures = await figuresOf(job, new Map(Object.entries(acted)));
      shuffled = unshuffled;
    },
    batch: (index, update) => {
      const { count, logProbability, advantages, targets } = figures!;
      const picks = Int32Array.from({ length: batchSize }, (_, k) => {
        const element = index * batchSize + k;
        const pass = Math.floor(element / count);
        return orderOf(`rollout ${update} pass ${pass}`, count)[element % count]!;
      });
      gatherColumns(ring.rows.observations, observation, picks, 0, into.observation);
      gatherColumns(ring.rows.actions, action, picks, 0, into.action);
      gatherColumns(logProbability, 1, picks, 0, into.logProbability);
      gatherColumns(advantages, 1, picks, 0, into.advantage);
      gatherColumns(targets, 1, picks, 0, into.valueTarget);
      return into;
    },
  };
}

interface Figures {
  readonly count: number;
  readonly logProbability: Float32Array;
  /** Standardised. */
  readonly advantages: Float32Array;
  readonly targets: Float32Array;
}

async function figuresOf(job: FreshRolloutJob, state: TensorState): Promise<Figures> {
  const { program, ring, starts, rolloutLength } = job;
  const count = ring.size();
  const { observations: observation, actions: action, nextObservations: nextObservation } = ring.rows;
  const inputs = { observation, action, nextObservation };
  const { values, nextValues, logProbability } = await overRows(program, state, { inputs, count });
  const rewards = ring.rows.rewards.subarray(0, count);
  const terminations = ring.rows.terminations.subarray(0, count);
  const rollout = { starts, rolloutLength, rewards, terminations, values: values!, nextValues: nextValues! };
  const { advantages, targets } = estimateAdvantages(rollout, job);
  return { count, logProbability: logProbability!, advantages: standardise(advantages), targets };
}
