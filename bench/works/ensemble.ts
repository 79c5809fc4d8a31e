import { Random } from "@lowerbound/core";
import { ensembleOptions, ensembleUpdateProgram, initialiseEnsemble } from "@lowerbound/dynamics-ensemble";
import { normal, prepareProgram } from "../program.js";
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
  const prepared = await prepareProgram({ program, initial, inputs, threads });
  return { ...prepared, repetitions: 100, warmUp: 10, amount: 1 };
}
