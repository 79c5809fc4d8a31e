import { z } from "zod";

const share = z.number().gte(0).lte(1);
const interval = z.object({ low: z.number(), high: z.number() });
const estimate = z.object({ value: z.number(), interval });

/** How far an assumption of a certificate was seen to hold. */
export const assumptionSchema = z.object({
  name: z.string(),
  states: z.string().describe("what is assumed"),
  verdict: z
    .enum(["seen to fail", "not seen to fail", "cannot be checked"])
    .describe("`not seen to fail` is no proof; one that was seen to fail voids the certificate"),
  seen: z.string().describe("what was seen of it, with figures"),
});

const checkSchema = z.object({
  rows: z.int().nonnegative(),
  episodes: z.int().nonnegative(),
  covered: share.describe("share of rows with coefficient x u >= error"),
  meanPenalty: z.number().describe("mean of coefficient x u, in units of reward"),
  meanError: z.number().describe("mean error of a step, in units of reward"),
  worstRatio: z.number().nullable().describe("largest error over coefficient x u"),
});

const truthSchema = z.object({
  environmentId: z.string(),
  episodes: z.int().positive(),
  discountedReturn: estimate.describe("in the simulator, discounted, until the time limit"),
  cut: z.number().nonnegative().describe("what steps after the time limit can add or take, at most"),
  gain: z.number().nullable().describe("the model's return less the true one: the gain from cheating"),
  visits: checkSchema.describe("penalty against error where the policy goes"),
});

/** A lower bound of a policy's true return by one penalty, conditional on what it lists. */
export const certificateSchema = z.object({
  kind: z.literal("conditional"),
  standing: z
    .enum(["conditional", "void"])
    .describe("void: there is no bound, as an assumption was seen to fail or none could be made"),
  reasons: z.array(z.string()).describe("why it is void"),
  bound: z
    .object({
      value: z.number().describe("model return - lambda eps_u + tail"),
      low: z.number().describe("lower end of its interval over starts and the model's samples: the bound to quote"),
      confidence: share,
      least: z
        .number()
        .describe("what every policy gets: the least logged reward in every step, or 0 where that is positive"),
      vacuous: z.boolean().describe("not above what every policy gets"),
    })
    .nullable()
    .describe("lower bound of the discounted return of the policy's mode; null if void"),
  discount: z.number(),
  horizon: z.int().positive(),
  starts: z.int().positive(),
  modelReturn: estimate.nullable().describe("eta^, discounted; null where the model runs off to infinity"),
  penalty: z.object({
    type: z.string(),
    unit: z.string().nullable(),
    lambda: z.number().describe("discount x Lipschitz constant: reward per unit of distance"),
    scale: z.number().nullable().describe("distance per unit of u; lambda x scale is the coefficient"),
    coefficient: z.number().nullable().describe("reward per unit of u; null if none covers"),
    calibrated: z.boolean().describe("found on held-out episodes, or claimed by the user"),
    level: share.describe("share of held-out rows that it is to cover"),
    epsilon: z.number().nullable().describe("eps_u: expected discounted sum of scale x u in the model"),
    cost: z.number().nullable().describe("lambda eps_u, in units of reward"),
  }),
  value: z.object({
    source: z.enum(["fqe", "critic", "given"]),
    lipschitz: z.number().describe("largest slope between sampled and true next states, reward per spread"),
    pairs: z.int().nonnegative(),
    within: share.nullable().describe("share of pairs of other episodes with no larger slope"),
    largest: z.number().describe("largest size of a value of the held-out rows, or of the model's samples at them"),
    estimate: z.number().describe("the same values' mean over the starts: an estimate of the true return"),
  }),
  tail: z
    .number()
    .describe("least that steps after the horizon can pay: at the least logged reward, or 0 where that is positive"),
  rewards: z.object({ minimum: z.number(), maximum: z.number() }).describe("range of the logged rewards"),
  heldOut: z.object({
    kind: z
      .enum(["rows", "episodes", "dataset"])
      .describe("rows of fitted episodes, episodes of their own, another log"),
    check: checkSchema,
    beyond: share.describe("share of the discounted cost where u is above the largest of the held-out rows"),
  }),
  assumptions: z.array(assumptionSchema),
  truth: truthSchema.nullable().describe("from a simulator, where the user asked for it; the bound never sees it"),
});

/** `certificate.json` in a run's directory: one policy, a certificate for each penalty asked for, the run's own first. */
export const certificatesSchema = z.object({
  version: z.literal(1),
  seed: z.number(),
  certificates: z.array(certificateSchema).min(1),
});

export type Certificates = z.output<typeof certificatesSchema>;
export type Certificate = z.output<typeof certificateSchema>;
export type Assumption = z.output<typeof assumptionSchema>;
export type CertificateTruth = z.output<typeof truthSchema>;
export type CertificateCheck = z.output<typeof checkSchema>;
