import type { Engine } from "@lowerbound/core";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { createDecoder, filtered, mostLikely } from "@lowerbound/trajectory-transformer";
import { z } from "zod";
import { floats, integers } from "./compute.js";
import { architectureOf, ourParameters } from "./gpt-layout.js";

const schema = z.looseObject({ tokens_to_add: z.int(), beam_width: z.int(), cdf: z.number(), k: z.int() });

/** Beam search by likelihood, and the filters of the sampler. */
export async function sequenceSearchSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { tokens_to_add, beam_width, cdf, k } = schema.parse(fixture.hyperparameters);
  const architecture = architectureOf(fixture);
  const decoder = createDecoder(engine, architecture, ourParameters(fixture, "params."));
  const options = { tokens: tokens_to_add, beamWidth: beam_width };
  const found = await mostLikely(decoder, integers(fixture, "in.prefix"), options);
  await decoder.close();
  const logits = floats(fixture, "in.logits");
  return checkAll(fixture, {
    "out.tokens": found.sequences[0]!,
    "out.log_probs": found.logProbabilities,
    "out.cdf": filtered(logits, architecture.bins + 1, { cdf }),
    "out.topk": filtered(logits, architecture.bins + 1, { topK: k }),
  });
}
