import {
  drawNoise,
  type FitContext,
  float32,
  type HostTensors,
  type NoiseSpec,
  type Params,
  specsOf,
  type Transitions,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";

/** A function of logged transitions, a number a row each. */
export interface RowFunction {
  readonly name: string;
  readonly state: HostTensors;
  readonly noise: (batch: number) => NoiseSpec;
  /** observation, action, nextObservation [batch, ...] beside state and noise -> [batch] each. */
  readonly fn: (tensors: Params) => Record<string, Tensor>;
}

const BATCH = 1000;

/** Run a function over all transitions, in batches -> [count] each. */
export async function overTransitions(
  { engine, random }: Pick<FitContext, "engine" | "random">,
  { observation, action, count, observations, actions, nextObservations }: Transitions,
  { name, state, noise, fn }: RowFunction,
): Promise<Record<string, Float32Array>> {
  const inputs = {
    observation: float32(BATCH, observation),
    action: float32(BATCH, action),
    nextObservation: float32(BATCH, observation),
  };
  const program = await engine.compile({ name, state: specsOf(state), inputs, noise: noise(BATCH), fn });
  const results: Record<string, Float32Array> = {};
  const stream = random.stream(name);
  for (let from = 0; from < count; from += BATCH) {
    const rows = Math.min(BATCH, count - from);
    const cut = (values: Float32Array, width: number): Float32Array => {
      const padded = new Float32Array(BATCH * width);
      padded.set(values.subarray(from * width, (from + rows) * width));
      return padded;
    };
    const outputs = await program.run(new Map(Object.entries(state)), {
      observation: cut(observations, observation),
      action: cut(actions, action),
      nextObservation: cut(nextObservations, observation),
      ...drawNoise(stream, program.program.noise),
    });
    for (const [key, { data }] of Object.entries(outputs)) {
      results[key] ??= new Float32Array(count);
      results[key].set(data.subarray(0, rows), from);
    }
  }
  await program.dispose();
  return results;
}
