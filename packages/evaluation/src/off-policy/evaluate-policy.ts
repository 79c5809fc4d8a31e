import {
  CapabilityError,
  type DynamicsModel,
  type HostTensors,
  NumericalError,
  once,
  Random,
  type Termination,
} from "@lowerbound/core";
import type { BootstrapOptions } from "../statistics/bootstrap.js";
import { actAll, matrixOf } from "./act-all.js";
import type { BehaviourDensity } from "./behaviour-density.js";
import { type Estimate, estimateOf, estimateOfEach, intervalOfSeveral, ratioEstimators } from "./estimate.js";
import { finite } from "./finite.js";
import { unseenWarning } from "./fqe-program.js";
import { insideBox } from "./inside-box.js";
import { startsOf, weightedEpisodes } from "./logged-episodes.js";
import { modelBasedReturns } from "./model-based.js";
import type { OffPolicyMethod } from "./options.js";
import { fitQ, type PolicyValues, type PolicyValuesJob, policyValues } from "./policy-values.js";
import { impossibleWarning } from "./possible-returns.js";
import { targetDensities } from "./target-densities.js";

/** A learnt model to roll policies out in. */
export interface EvaluationModel {
  readonly dynamics: DynamicsModel;
  readonly tensors: HostTensors;
  readonly termination: Termination;
}

export interface OffPolicyJob extends PolicyValuesJob {
  /** For `model`. */
  readonly model?: EvaluationModel | undefined;
  /** For the methods that weigh data: the density over actions in [-maximumAction, maximumAction], the policy's box. */
  readonly behaviour?: ((maximumAction: number) => Promise<BehaviourDensity>) | undefined;
}

/** An estimate, or why there is none. */
export type OffPolicyOutcome =
  | { readonly method: OffPolicyMethod; readonly estimate: Estimate }
  | { readonly method: OffPolicyMethod; readonly refused: string };

/**
 * Estimate a policy's discounted return from logged data alone, by each method; any policy of the {@link Policy} contract.
 *
 * A method that asks for what the policy or the run does not have is refused with the reason. `fqe` and the doubly robust
 * methods estimate the return without time limit, the others within that of the data or of the horizon. Intervals are
 * over the logged episodes, NaN with one; they hold the error of the draw, not that of the fitted values, densities or
 * models, which are kept.
 */
export async function evaluateOffPolicy(
  job: OffPolicyJob,
  methods: readonly OffPolicyMethod[],
): Promise<readonly OffPolicyOutcome[]> {
  const outcomes: OffPolicyOutcome[] = [];
  const weights = logWeights(job);
  for (const method of methods) {
    try {
      outcomes.push({ method, estimate: finite(method, intervalOfSeveral(await estimateBy(method, job, weights))) });
    } catch (error) {
      if (!(error instanceof CapabilityError || error instanceof NumericalError)) throw error;
      outcomes.push({ method, refused: error.message });
    }
  }
  return outcomes;
}

function estimateBy(method: OffPolicyMethod, job: OffPolicyJob, weights: LogWeights): Promise<Estimate> {
  if (method === "fqe") return byFittedQ(job);
  if (method === "model") return byModel(job);
  return byWeights(method, job, weights);
}

/** What the methods that weigh data share, computed when first asked for. */
interface LogWeights {
  readonly densities: () => Promise<{ readonly target: Float64Array; readonly behaviour: Float64Array }>;
  readonly values: () => Promise<PolicyValues>;
}

const logWeights = (job: OffPolicyJob): LogWeights => ({
  densities: once(() => densitiesOf(job)),
  values: once(() => policyValues(job)),
});

const bootstrapOf = ({ options, seed }: OffPolicyJob, method: string): BootstrapOptions => ({
  random: Random.fromSeed(seed).stream(`bootstrap ${method}`),
  repetitions: options.repetitions,
  confidence: options.confidence,
});

async function byFittedQ(job: OffPolicyJob): Promise<Estimate> {
  const { transitions, policy, options, seed } = job;
  const starts = startsOf(transitions);
  const actions = await actAll(policy, starts, { deterministic: options.deterministic, seed });
  const fitted = await fitQ(job, options.deterministic);
  try {
    return ofFittedValues(job, estimateOfEach(await fitted.values(starts, actions), bootstrapOf(job, "fqe")));
  } finally {
    await fitted.dispose();
  }
}

/** An estimate that rests on fitted values, with what is known against them. */
function ofFittedValues({ transitions, options: { fqe, discount } }: OffPolicyJob, estimate: Estimate): Estimate {
  const known = [unseenWarning(fqe, discount), impossibleWarning(estimate.value, transitions.rewards, discount)];
  const warnings = known.filter((each) => each !== undefined);
  return warnings.length === 0 ? estimate : { ...estimate, warning: warnings.join("; ") };
}

async function byModel(job: OffPolicyJob): Promise<Estimate> {
  const { engine, transitions, policy, options, seed, model } = job;
  if (model === undefined) {
    throw new CapabilityError("there is no fitted model of the dynamics", {
      remedy: "name a run that has one, or evaluate by another method",
    });
  }
  const returns = await modelBasedReturns({
    ...model,
    engine,
    policy,
    starts: startsOf(transitions, options.starts),
    actions: transitions.action,
    horizon: options.horizon,
    discount: options.discount,
    deterministic: options.deterministic,
    random: Random.fromSeed(seed).stream("model"),
    seed,
  });
  return estimateOfEach(returns, bootstrapOf(job, "model"));
}

type WeighingMethod = Exclude<OffPolicyMethod, "fqe" | "model">;

async function byWeights(method: WeighingMethod, job: OffPolicyJob, weights: LogWeights): Promise<Estimate> {
  const densities = await weights.densities();
  const fitted = method.endsWith("doubly-robust");
  const episodes = weightedEpisodes(job.transitions, { ...densities, ...(fitted ? await weights.values() : {}) });
  const estimate = estimateOf(ratioEstimators[method], episodes, job.options.discount, bootstrapOf(job, method));
  return fitted ? ofFittedValues(job, estimate) : estimate;
}

/** Log-densities of every logged action. @throws CapabilityError where the policy or the behaviour has none */
async function densitiesOf({ transitions, policy, behaviour }: OffPolicyJob) {
  const target = await targetDensities(policy, transitions);
  if (behaviour === undefined) throw new CapabilityError("there is no density of the policy that logged the data");
  const observations = matrixOf(transitions.observations, transitions.observation);
  const maximum = policy.maximumAction ?? 1;
  const actions = insideBox(matrixOf(transitions.actions, transitions.action), maximum);
  return { target, behaviour: await (await behaviour(maximum)).logProbability(observations, actions) };
}
