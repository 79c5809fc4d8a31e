import { Random } from "@lowerbound/core";
import { ensembleOptions, ensembleUpdateProgram, initialiseEnsemble } from "@lowerbound/dynamics-ensemble";
import { limitStepOf, normal, stepOf } from "../program.js";
import type { Prepared } from "../works.js";
import { batch, dimensions } from "./sizes.js";

/** One Adam step of seven members, each on a batch of its own. */
export async function prepareEnsemble(threads: number): Promise<Prepared> {
  const options = ensembleOptions.parse({});
  const program = ensembleUpdateProgram(dimensions, options, batch);
  const rows = options.members * batch;
  const inputs = {
    inputs: normal(rows * (dimensions.observation + dimensions.action)),
    targets: normal(rows * (dimensions.observation + 1)),
  };
  const initial = initialiseEnsemble(Random.fromSeed(3), dimensions, options);
  const sizes = { repetitions: 100, warmUp: 10, amount: 1 };
  return {
    work: { step: await stepOf({ program, initial, inputs, threads }), ...sizes },
    limit: { step: await limitStepOf(program, threads), ...sizes },
  };
}
