import { z } from "zod";
import type { RunRecord } from "./read-run.js";

/** What a report takes from what COMBO's `beta: auto` left in `result.json`. */
const schema = z.object({
  beta: z.number(),
  /** False where no candidate's critic values held-out data above the model. */
  betaPassed: z.boolean(),
  /** Null where a candidate's term is no finite number. */
  betaTerms: z.array(z.object({ beta: z.number(), term: z.number().nullable() })).readonly(),
});

export type ChosenBeta = z.output<typeof schema>;

/** How a run chose its beta; undefined where it was given. */
export const chosenBetaOf = ({ result }: RunRecord): ChosenBeta | undefined => schema.safeParse(result?.trained).data;
