import {
  type FitContext,
  float32,
  type HostTensors,
  type NoiseSpec,
  overRows,
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
  const results = await overRows(program, new Map(Object.entries(state)), {
    inputs: { observation: observations, action: actions, nextObservation: nextObservations },
    count,
    random: random.stream(name),
  });
  await program.dispose();
  return results;
}
