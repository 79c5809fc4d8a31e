import { counted } from "@lowerbound/core";
import { z } from "zod";

const positive = z.number().positive();
const count = z.number().int().positive();

/** Options of the ensemble; defaults are MOPO's published ones. */
export const ensembleOptions = z
  .object({
    members: count.default(7).describe("networks in the ensemble"),
    elites: count.default(5).describe("members of least holdout error, from which samples come"),
    hiddenSizes: z.array(count).min(1).default([200, 200, 200, 200]).describe("units of each hidden layer"),
    weightDecays: z
      .array(z.number().nonnegative())
      .default([2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4])
      .describe("weight decay of each layer, the output layer's last"),
    learningRate: positive.default(1e-3).describe("Adam's step size"),
    adamBetas: z
      .tuple([z.number().gte(0).lt(1), z.number().gte(0).lt(1)])
      .default([0.9, 0.999])
      .describe("Adam's decay of the first and of the second moment"),
    adamEpsilon: positive.default(1e-8).describe("what Adam adds to the root of the second moment"),
    batchSize: count.default(256).describe("rows a member sees in one update"),
    logVarBoundCoefficient: z.number().nonnegative().default(0.01).describe("pull on the log-variance bounds"),
    holdoutRatio: z.number().gt(0).lt(1).default(0.2).describe("share of the transitions held out"),
    maximumHoldout: count.default(1000).describe("at most this many transitions are held out"),
    relativeImprovement: z
      .number()
      .nonnegative()
      .lt(1)
      .default(0.01)
      .describe("a member is kept when its holdout error fell by more than this share"),
    patienceEpochs: count.default(5).describe("stop after this many epochs in which no member improved"),
    maximumEpochs: count.default(200).describe("stop after this many epochs at the latest"),
  })
  .refine(({ members, elites }) => elites <= members, { path: ["elites"], message: "more elites than members" })
  .superRefine(({ hiddenSizes, weightDecays }, { addIssue }) => {
    const needed = hiddenSizes.length + 1;
    if (weightDecays.length === needed) return;
    const layers = counted(hiddenSizes.length, "hidden layer");
    addIssue({
      code: "custom",
      path: ["weightDecays"],
      message: `hiddenSizes asks for ${needed} weight decays, not ${weightDecays.length}: for ${layers} and the output layer`,
      params: { remedy: `set weightDecays too, such as ${Array.from({ length: needed }, () => "5e-5").join(",")}` },
    });
  });

export type EnsembleOptions = z.output<typeof ensembleOptions>;
