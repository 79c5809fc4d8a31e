import { type Matrix, scoped, stepEnds, type TensorProgram, type Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { BATCH, type FittedModel, inputsOf, overChunks, stepOf } from "../../calibration/predict.js";
import type { MeasuredRows } from "../../calibration/rows.js";

/** The model's next states beside those that came, several samples a row; row r's sample k stands at r samples + k. */
export interface SampledRows {
  readonly samples: number;
  /** [rows samples, observation] */
  readonly nextObservations: Matrix;
  /** 1 where the sample is terminal, [rows samples] */
  readonly ended: Uint8Array;
  /** Mean sampled reward, [rows] */
  readonly rewards: Float64Array;
}

export interface SamplingJob {
  readonly model: FittedModel;
  readonly termination: Termination;
  readonly rows: MeasuredRows;
  readonly samples: number;
}

/** Sample the model at logged pairs. */
export async function sampleRows(job: SamplingJob): Promise<SampledRows> {
  const { model, rows, samples } = job;
  const { count, observation } = rows;
  const program = await model.engine.compile(sampleProgram(job));
  const next = new Float32Array(count * samples * observation);
  const ended = new Uint8Array(count * samples);
  const rewards = new Float64Array(count);
  for (let k = 0; k < samples; k++) {
    const chunks = await overChunks(program, model, rows);
    for (let row = 0; row < count; row++) {
      const [chunk, at] = [chunks[Math.floor(row / BATCH)]!, row % BATCH];
      next.set(
        chunk.nextObservation!.subarray(at * observation, (at + 1) * observation),
        (row * samples + k) * observation,
      );
      ended[row * samples + k] = chunk.ended![at]!;
      rewards[row]! += chunk.reward![at]! / samples;
    }
  }
  await program.dispose();
  return {
    samples,
    nextObservations: { rows: count * samples, columns: observation, data: next },
    ended,
    rewards,
  };
}

function sampleProgram({ model, termination, rows }: SamplingJob): TensorProgram {
  const { dynamics, tensors } = model;
  return {
    name: "sample-rows",
    state: scoped("dynamics", dynamics.parameters(tensors)),
    inputs: inputsOf(rows),
    noise: scoped("dynamics", dynamics.stepNoise(rows, BATCH, tensors)),
    fn: (given) => {
      const sampled = stepOf(model, given);
      const [observation, action] = [given.observation!, given.action!];
      const ended = tf.cast(stepEnds(termination, { observation, action }, sampled), "float32");
      return { nextObservation: sampled.nextObservation, reward: sampled.reward, ended };
    },
  };
}
