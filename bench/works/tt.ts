import { Random } from "@lowerbound/core";
import { flattenHost } from "@lowerbound/nn";
import {
  type Architecture,
  gptLayouts,
  initialiseGpt,
  tokenUpdateProgram,
  transformerOptions,
  vocabularyOf,
} from "@lowerbound/trajectory-transformer";
import { limitStepOf, stepOf } from "../program.js";
import type { Prepared } from "../works.js";

const [batch, tokens, transition] = [32, 160, 16];

/** One update of the Trajectory Transformer at its published sizes: 10 transitions of 16 tokens, as the baseline's. */
export async function prepareTransformer(threads: number, dropout: number): Promise<Prepared> {
  const options = transformerOptions.parse({ dropout });
  const architecture: Architecture = { ...options, transition, terminates: false, positions: tokens };
  const weights = Array.from({ length: transition }, () => 1);
  const program = tokenUpdateProgram({ architecture, weights, batch, tokens }, options);
  const parameters = initialiseGpt(Random.fromSeed(3), architecture);
  const { decayed, undecayed } = gptLayouts(architecture);
  const random = Random.fromSeed(4);
  const drawn = () => random.integers(new Int32Array(batch * tokens), vocabularyOf(architecture));
  const inputs = {
    tokens: drawn(),
    targets: drawn(),
    mask: new Float32Array(batch * tokens).fill(1),
    learningRate: Float32Array.of(options.learningRate),
  };
  const initial = { decayed: flattenHost(parameters, decayed), undecayed: flattenHost(parameters, undecayed) };
  const sizes = { repetitions: 4, warmUp: 3, amount: 1 };
  return {
    work: { step: await stepOf({ program, initial, inputs, threads }), ...sizes },
    limit: { step: await limitStepOf(program, threads), ...sizes },
  };
}
