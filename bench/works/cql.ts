import { conservativeHooks, conservativeShape, createSac, sacOptions } from "@lowerbound/actor-critic";
import { Random } from "@lowerbound/core";
import { z } from "zod";
import { limitStepOf, normal, stepOf, symmetric } from "../program.js";
import type { Prepared } from "../works.js";
import { batch, dimensions } from "./sizes.js";

/** One COMBO update: actor, temperature, critics with ten actions of each kind at every state, targets. */
export async function prepareCql(threads: number): Promise<Prepared> {
  const optimiser = createSac(sacOptions.parse({}));
  const options = z.object(conservativeShape).parse({ backup: "soft" });
  const hooks = conservativeHooks({ ...options, weight: 5, pushDown: "softmax", compareWith: "model" });
  const program = optimiser.update(dimensions, batch, hooks);
  const inputs = {
    observation: normal(batch * dimensions.observation),
    action: symmetric(batch * dimensions.action),
    reward: normal(batch),
    nextObservation: normal(batch * dimensions.observation),
    termination: new Float32Array(batch),
    fromData: new Float32Array(batch).fill(1, 0, batch / 2),
  };
  const initial = optimiser.initialise(dimensions, Random.fromSeed(3), hooks);
  const sizes = { repetitions: 40, warmUp: 5, amount: 1 };
  return {
    work: { step: await stepOf({ program, initial, inputs, threads }), ...sizes },
    limit: { step: await limitStepOf(program, threads), ...sizes },
  };
}
