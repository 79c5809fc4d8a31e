import {
  type CompiledProgram,
  drawNoise,
  type Engine,
  type HostTensors,
  type ImagineContext,
  type Random,
  type Transitions,
} from "@lowerbound/core";
import { type DynaParts, fittedState, type RolloutParts, rolloutPartsOf } from "./parts.js";
import { rolloutProgram } from "./rollout-program.js";

export interface ModelReturnJob {
  readonly engine: Engine;
  readonly parts: RolloutParts;
  /** The optimiser's tensors; may hold more than the policy reads. */
  readonly tensors: HostTensors;
  /** Start states [count, observation]. */
  readonly starts: Float32Array;
  readonly horizon: number;
  readonly random: Random;
}

/** Undiscounted returns in the learnt model, one a start: as it pays and ends, and as the algorithm reshaped both. */
export interface ModelReturns {
  readonly modelReturns: Float64Array;
  readonly reshapedReturns: Float64Array;
}

/**
 * Roll the policy's mode through the learnt model for whole episodes: what the policy is worth there.
 *
 * Beside the return in truth from the same starts over the same horizon it shows what a policy gains from the model's
 * errors. A row stops paying once it ended: what ends the reshaped one alone, such as MOReL's HALT, does not cut the other.
 */
export async function modelReturns(job: ModelReturnJob): Promise<ModelReturns> {
  const { engine, parts, starts } = job;
  const rows = starts.length / parts.dimensions.observation;
  const program = await engine.compile(rolloutProgram(parts, { rows, deterministic: true }));
  return returnsOf(program, rows, job).finally(() => program.dispose());
}

async function returnsOf(program: CompiledProgram, rows: number, job: ModelReturnJob): Promise<ModelReturns> {
  const { parts, tensors, starts, horizon, random } = job;
  const state = new Map(Object.entries({ ...fittedState(parts), ...tensors }));
  const [model, reshaped] = [freshReturns(rows), freshReturns(rows)];
  const observation = starts.slice();
  for (let step = 0; step < horizon && (model.alive.includes(1) || reshaped.alive.includes(1)); step++) {
    const outputs = await program.run(state, { ...drawNoise(random, program.program.noise), observation });
    addStep(model, outputs.modelReward!, outputs.modelTermination!);
    addStep(reshaped, outputs.reward!, outputs.termination!);
    observation.set(outputs.nextObservation!.data);
  }
  return { modelReturns: model.returns, reshapedReturns: reshaped.returns };
}

/** Returns so far [rows], and 1 where the row has not ended. */
interface Returns {
  readonly returns: Float64Array;
  readonly alive: Uint8Array;
}

const freshReturns = (rows: number): Returns => ({
  returns: new Float64Array(rows),
  alive: new Uint8Array(rows).fill(1),
});

function addStep({ returns, alive }: Returns, reward: HostTensors[string], termination: HostTensors[string]): void {
  for (let row = 0; row < alive.length; row++) {
    if (alive[row] === 0) continue;
    returns[row]! += reward.data[row]!;
    if (termination.data[row] === 1) alive[row] = 0;
  }
}

/** Model returns as the pipeline asks for them: [starts], of the model's own rewards. */
export async function imagineDyna(context: ImagineContext, parts: DynaParts): Promise<Float64Array> {
  const { engine, tensors, starts, horizon, random } = context;
  const rolloutParts = await rolloutPartsOf(context, parts);
  const job = { engine, parts: rolloutParts, tensors, starts: starts.data, horizon, random };
  return (await modelReturns(job)).modelReturns;
}

/** First observations of at most `count` episodes, evenly spread: [starts, observation]. */
export function episodeStarts(
  { observation, observations, episodeStarts: firsts }: Transitions,
  count: number,
): Float32Array {
  const episodes = Math.max(firsts.length - 1, 1);
  const taken = Math.min(count, episodes);
  const starts = new Float32Array(taken * observation);
  for (let k = 0; k < taken; k++) {
    const row = firsts[Math.floor((k * episodes) / taken)] ?? 0;
    starts.set(observations.subarray(row * observation, (row + 1) * observation), k * observation);
  }
  return starts;
}
