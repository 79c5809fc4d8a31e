import { createSac, sacOptions } from "@lowerbound/actor-critic";
import { Random } from "@lowerbound/core";
import { limitStepOf, normal, stepOf, symmetric } from "../program.js";
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
  const sizes = { repetitions: 200, warmUp: 20, amount: 1 };
  return {
    work: { step: await stepOf({ program, initial, inputs, threads }), ...sizes },
    limit: { step: await limitStepOf(program, threads), ...sizes },
  };
}
