import {
  checkParts,
  conservativeHooks,
  type DynaHooks,
  type DynaParts,
  growthOf,
  hostPolicy,
  imagineDyna,
  penalisedReward,
  type RowRange,
  realRows,
  rowsOfShare,
  trainDyna,
} from "@lowerbound/actor-critic";
import {
  Algorithm,
  ConfigError,
  type CreateContext,
  checkCanHoldOut,
  DynamicsModel,
  defineComponent,
  Optimiser,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { criticOf } from "./critic-gap.js";
import { type ComboOptions, comboOptions } from "./options.js";
import { trainWithChosenBeta } from "./train-auto.js";

/**
 * What COMBO adds to Dyna: beta (push down Q at model or mixed states - Q on the data) in the critics' loss; uniform
 * actions are drawn from [-maximumAction, maximumAction], the policy's box.
 *
 * Source: COMBO (Yu et al. 2021), equation 3. The `paper` form halves the squared error; here the term and
 * the threshold of its multiplier are doubled in its place, which Adam cannot tell from it.
 */
export function comboHooks(beta: number, options: ComboOptions, maximumAction = 1): DynaHooks {
  const { form, rho, realRatio, lagrangeThreshold } = options;
  const factor = form === "paper" ? 2 : 1;
  const rows = (batch: number): RowRange => {
    const real = realRows(batch, realRatio);
    return rho === "mix" ? { from: 0, count: batch } : { from: real, count: batch - real };
  };
  return conservativeHooks({
    ...options,
    maximumAction,
    weight: factor * beta,
    lagrangeThreshold: lagrangeThreshold === undefined ? undefined : factor * lagrangeThreshold,
    pushDown: form === "paper" ? "mean" : "softmax",
    rows,
    compareWith: "model",
  });
}

/** @throws ConfigError unless a batch has rows of both the data and the model. */
function checkMix({ batchSize, realRatio }: ComboOptions): void {
  const real = rowsOfShare(batchSize, realRatio);
  if (real > 0 && real < batchSize) return;
  throw new ConfigError(`a batch of ${batchSize} with realRatio ${realRatio} has ${real} rows of data`, {
    where: "algorithm.realRatio",
    expected: "rows of both the data and the model in each batch",
    remedy: "set realRatio to 0.5, or raise batchSize",
  });
}

function partsOf(beta: number, options: ComboOptions, { inject }: CreateContext): DynaParts {
  const { penaltyCoefficient } = options;
  const penalised = penaltyCoefficient > 0;
  const optimiser = inject(Optimiser);
  const hooks = comboHooks(beta, options, optimiser.policy.maximumAction);
  return {
    dynamics: inject(DynamicsModel),
    penalty: penalised ? inject(UncertaintyPenalty) : undefined,
    termination: inject(Termination),
    optimiser,
    hooks: { ...hooks, ...(penalised ? penalisedReward(penaltyCoefficient) : {}) },
  };
}

/** Algorithm `combo`. */
export const combo = defineComponent({
  kind: Algorithm,
  type: "combo",
  summary:
    "conservative model-based policy optimisation: values pushed down where the model made them up, rewards as they are",
  documentation:
    "Short rollouts in the learnt model, reward unchanged; the critics' loss pushes Q down on model or mixed states and " +
    "up on the data. Source: COMBO (Yu et al. 2021); order and log-sum-exp of public code. Published: realRatio 0.5, " +
    "rolloutLength 5 (hopper, halfcheetah) or 1 (walker2d), beta 0.5 to 5, 10 samples. Metrics show how well Q tells " +
    "model from data (`qSeparation`, 0.5 is not at all): when it cannot, rollouts of that length look like the data. With a " +
    "penaltyCoefficient, which is ours, rewards are lowered as in MOPO besides.",
  config: comboOptions,
  requires: ({ penaltyCoefficient }) => [
    DynamicsModel,
    Termination,
    Optimiser,
    ...(penaltyCoefficient === 0 ? [] : [UncertaintyPenalty]),
  ],
  create: (options, context) => {
    checkMix(options);
    const withBeta = (beta: number): DynaParts => partsOf(beta, options, context);
    const { beta } = options;
    const parts = withBeta(beta === "auto" ? 0 : beta);
    checkParts(parts, options);
    if (beta === "auto") criticOf(parts.optimiser);
    return {
      ...growthOf(parts.optimiser),
      ...(beta === "auto" ? { check: checkCanHoldOut } : {}),
      train: (training) =>
        beta === "auto" ? trainWithChosenBeta(training, withBeta, options) : trainDyna(training, parts, options),
      policy: async (trained) => hostPolicy(parts.optimiser.policy, trained),
      imagine: (imagining) => imagineDyna(imagining, parts),
    };
  },
});

export type { ComboOptions };
