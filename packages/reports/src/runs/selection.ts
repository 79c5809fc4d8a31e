import { z } from "zod";
import type { RunRecord } from "./read-run.js";

const candidate = z.object({
  penaltyCoefficient: z.number(),
  /** Null where it is no finite number, or training failed. */
  score: z.number().nullable(),
  figures: z.record(z.string(), z.number().nullable()),
});

/** What a report takes from what `penaltyCoefficient: auto` left in `result.json`. */
const schema = z.object({
  penaltyCoefficient: z.number(),
  selection: z.object({
    rule: z.string(),
    /** Why the rule is not the theorem's, where it is not. */
    why: z.string().nullable(),
    coefficient: z.number().nullable(),
    /** Most uncertainty that a candidate could meet and be chosen. */
    reach: z.number().nullable().optional(),
    reason: z.string(),
    candidates: z.array(candidate).readonly(),
  }),
});

export type Selected = z.output<typeof schema>;

/** How a run chose its lambda; undefined where it was given. */
export const selectionOf = ({ result }: RunRecord): Selected | undefined => schema.safeParse(result?.trained).data;
