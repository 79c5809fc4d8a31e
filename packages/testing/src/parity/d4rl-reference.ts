import { normalisedScore } from "@lowerbound/datasets";
import { z } from "zod";
import { checkAll, type Fixture, type FixtureCheck } from "./fixture.js";

const manifest = z.looseObject({ names: z.array(z.string()) });

/** D4RL's normalised scores, a fraction each. */
export async function d4rlReferenceSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const { names } = manifest.parse(fixture.manifest);
  const returns = fixture.tensor("in.return").data;
  const scores = Float64Array.from(fixture.tensor("in.name_index").data, (index, i) =>
    normalisedScore(names[index] ?? "", returns[i]!),
  );
  return checkAll(fixture, { "out.normalised": scores });
}
