import { z } from "zod";

const figure = z.number();
const bound = figure.nullable();
const bounds = z.object({
  modelReturn: figure,
  penalty: figure.describe("lambda eps_u, in units of reward"),
  lower: bound,
  upper: bound,
});
const pair = z.object({ state: z.int(), action: z.int() });

const checkSchema = z.object({
  verdict: z
    .enum(["failed", "not seen to fail", "partly checked", "too few steps", "not checked"])
    .describe("`not checked`: no held-out steps were given; `too few steps`: they could tell at no pair"),
  checked: z.int().describe("pairs that the held-out steps could tell at"),
  unchecked: z.array(pair.extend({ steps: z.int() })).describe("the others, with their held-out steps"),
  violations: z
    .array(pair.extend({ excess: figure }))
    .describe("pairs whose error lies above its claim, by so much at least"),
  confidence: figure,
});

const certificateSchema = z.object({
  policy: z.array(z.array(figure)).describe("[state, action]"),
  bounds,
  lambda: figure,
  optimumAtMost: bound.describe("largest true return that any policy can have"),
  optimalityGap: bound.describe("what is lost on the best policy of all, at most"),
  behaviour: z.object({ bounds, improvementAtLeast: figure }).nullable().describe("null without one, or if void"),
  curve: z.array(z.object({ delta: figure, modelReturn: figure, loss: figure })).describe("empty if void"),
  check: checkSchema,
});

const truthSchema = z.object({
  achieved: figure.describe("true return of the certified policy"),
  best: figure,
  behaviour: figure.nullable(),
  covered: z.int().describe("pairs of all with claimed error >= true error"),
  pairs: z.int(),
  gain: figure.describe("model return less true return: the gain from cheating"),
});

/** What `certify FILE --json` prints; bounds, and what follows from them, are null where the certificate is void. */
export const tabularResultSchema = z.object({
  kind: z.literal("tabular"),
  standing: z.enum(["holds if u >= error", "holds if u >= error, not all checked", "void"]),
  reasons: z.array(z.string()).describe("why it is void"),
  states: z.int(),
  actions: z.int(),
  discount: figure,
  errorsFrom: z.enum(["claimed", "logged steps"]),
  confidence: figure.nullable().describe("of errors from logged steps"),
  vacuous: z.boolean().nullable().describe("not above what every policy gets, the least reward at every step"),
  certificate: certificateSchema,
  largestRewardAlone: z
    .object({ lambda: figure, lower: figure, holds: z.boolean().nullable().describe("null without the truth") })
    .nullable()
    .describe("what lambda from the largest reward alone would have said, where that differs"),
  truth: truthSchema.nullable().describe("it can void a certificate and is otherwise no part of it"),
});

export type TabularResult = z.output<typeof tabularResultSchema>;
export type TabularTruth = z.output<typeof truthSchema>;
