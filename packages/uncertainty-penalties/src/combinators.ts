import { defineComponent, slot, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { compose } from "./compose.js";

const nested = slot(UncertaintyPenalty);

/** Penalty `sum`: w_1 u_1 + w_2 u_2 + ... */
export const sumPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "sum",
  summary: "weighted sum of penalties",
  documentation: "u(s, a) = sum_k weights_k u_k(s, a); weights of 1 where none are given.",
  config: z
    .object({
      penalties: z.array(nested).min(1).describe("the penalties that are added"),
      weights: z.array(z.number().nonnegative()).optional().describe("one factor a penalty; 1 each if left out"),
    })
    .refine(({ penalties, weights }) => weights === undefined || weights.length === penalties.length, {
      path: ["weights"],
      message: "not one weight a penalty",
    }),
  create: ({ penalties, weights }) =>
    compose(penalties, {
      combine: (values) => tf.addN(values.map((value, index) => tf.mul(value, weights?.[index] ?? 1))),
    }),
});

/** Penalty `max`: the largest of several. */
export const maxPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "max",
  summary: "the largest of several penalties",
  documentation: "u(s, a) = max_k u_k(s, a). Penalties of different units are compared as they are: scale them first.",
  config: z.object({ penalties: z.array(nested).min(1).describe("the penalties that are compared") }),
  create: ({ penalties }) =>
    compose(penalties, { combine: (values) => values.reduce((most, value) => tf.maximum(most, value)) }),
});

/** Penalty `scale`: a factor times another penalty. */
export const scalePenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "scale",
  summary: "a factor times another penalty",
  documentation: "u(s, a) = factor u'(s, a).",
  config: z.object({
    penalty: nested.describe("the penalty that is scaled"),
    factor: z.number().nonnegative().describe("what it is multiplied by"),
  }),
  create: ({ penalty, factor }) => compose([penalty], { combine: ([value]) => tf.mul(value!, factor) }),
});

/** Penalty `clip`: another penalty, held between two bounds. */
export const clipPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "clip",
  summary: "another penalty, held between a floor and a ceiling",
  documentation: "u(s, a) = min(maximum, max(minimum, u'(s, a))).",
  config: z
    .object({
      penalty: nested.describe("the penalty that is clipped"),
      minimum: z.number().nonnegative().default(0).describe("smallest value"),
      maximum: z.number().nonnegative().describe("largest value"),
    })
    .refine(({ minimum, maximum }) => minimum <= maximum, { path: ["maximum"], message: "smaller than the minimum" }),
  create: ({ penalty, minimum, maximum }) =>
    compose([penalty], { combine: ([value]) => tf.clipByValue(value!, minimum, maximum) }),
});
