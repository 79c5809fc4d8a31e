import { colouredNoise } from "@lowerbound/planners";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { floats } from "./compute.js";

const noiseSchema = z.looseObject({ cases_exponent_and_samples: z.array(z.tuple([z.number(), z.int()])) });

/** Coloured noise from given spectra. */
export async function colouredNoiseSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const { cases_exponent_and_samples } = noiseSchema.parse(fixture.hyperparameters);
  const results = cases_exponent_and_samples.map(([exponent, samples], i) => {
    const parts = [floats(fixture, `in.${i}.real`), floats(fixture, `in.${i}.imaginary`)] as const;
    return [`out.${i}.noise`, colouredNoise(...parts, { samples, exponent })] as const;
  });
  return checkAll(fixture, Object.fromEntries(results));
}
