import { createSac, sacOptions } from "@lowerbound/actor-critic";
import { Random } from "@lowerbound/core";
import { normal, prepareProgram, symmetric } from "../program.js";
import type { Prepared } from "../works.js";
import { batch, dimensions } from "./sizes.js";

/** One SAC update: critics, actor, temperature, targets. */
export async function prepareSac(threads: number): Promise<Prepared> {
  const optimiser = createSac(sacOptions.parse({}));
  const program = optimiser.update(dimensions, batch, {});
  const inputs = {
    observation: normal(batch * dimensions.observation),
    action: symmetric(batch * dimensions.action),
    reward: normal(batch),
    nextObservation: normal(batch * dimensions.observation),
    termination: new Float32Array(batch),
    fromData: new Float32Array(batch).fill(1),
  };
  const initial = optimiser.initialise(dimensions, Random.fromSeed(3));
  const prepared = await prepareProgram({ program, initial, inputs, threads });
  return { ...prepared, repetitions: 200, warmUp: 20, amount: 1 };
}
