import { type DynaOptions, hostPolicy, rolloutPartsOf } from "@lowerbound/actor-critic";
import { finiteOrNull, type HostTensors, NumericalError, type Policy, type TrainContext } from "@lowerbound/core";
import { evaluateOffPolicy, imaginedSums, offPolicyOptions, startsOf } from "@lowerbound/evaluation";
import { z } from "zod";
import type { Verdict } from "./choose.js";
import type { MopoOptions } from "./options.js";
import { discountOf, type PenalisedParts, penaltyOf, seedOf } from "./parts.js";

/** Reads a verdict back from a checkpoint. */
export const verdictSchema: z.ZodType<Verdict> = z.object({
  score: z.number().nullable(),
  figures: z.record(z.string(), z.number().nullable()),
});

type Options = Pick<MopoOptions, "valueUpdates"> & Pick<DynaOptions, "modelReturnHorizon" | "modelReturnStarts">;

export interface JudgeJob {
  readonly context: TrainContext;
  readonly parts: PenalisedParts;
  readonly options: Options;
  /** The candidate's tensors. */
  readonly tensors: HostTensors;
}

const mean = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;

/**
 * eta^(pi) - coefficient eps_u(pi): both discounted sums over rollouts of the policy's mode in the model, from the logged
 * episodes' starts. The same coefficient for every candidate, whatever lambda it was trained with.
 */
export async function judgeByTheorem(job: JudgeJob, coefficient: number): Promise<Verdict> {
  const { context, parts, options, tensors } = job;
  const { engine, random, dataset, run } = context;
  const rollout = await rolloutPartsOf(context, parts);
  const transitions = await dataset.transitions();
  return withPolicy(job, async (policy) => {
    const sums = await imaginedSums(
      {
        engine,
        dynamics: rollout.dynamics,
        tensors: rollout.dynamicsTensors,
        termination: rollout.termination,
        policy,
        starts: startsOf(transitions, options.modelReturnStarts),
        actions: transitions.action,
        horizon: options.modelReturnHorizon,
        deterministic: true,
        random: random.stream("selection"),
        seed: seedOf(random, "selection"),
        penalty: penaltyOf(context, parts, tensors),
        signal: run.signal,
      },
      { discount: discountOf(parts), known: Number.POSITIVE_INFINITY },
    );
    const [modelReturn, uncertainty] = [mean(sums.returns), mean(sums.penalties)];
    const figures = { modelReturn: finiteOrNull(modelReturn), uncertainty: finiteOrNull(uncertainty) };
    return { score: finiteOrNull(modelReturn - coefficient * uncertainty), figures };
  });
}

/** The discounted return of the policy's mode by fitted Q evaluation of the data. @throws NumericalError where it has none */
export async function judgeByFqe(job: JudgeJob): Promise<Verdict> {
  const { context, parts, options } = job;
  const { engine, dataset, random, run } = context;
  const transitions = await dataset.transitions();
  return withPolicy(job, async (policy) => {
    const [outcome] = await evaluateOffPolicy(
      {
        engine,
        transitions,
        policy,
        options: offPolicyOptions.parse({ discount: discountOf(parts), fqe: { updates: options.valueUpdates } }),
        seed: seedOf(random, "selection"),
        signal: run.signal,
      },
      ["fqe"],
    );
    if (outcome === undefined || "refused" in outcome) throw new NumericalError(outcome?.refused ?? "no estimate");
    const { value, interval } = outcome.estimate;
    return {
      score: finiteOrNull(value),
      figures: { low: finiteOrNull(interval.low), high: finiteOrNull(interval.high) },
    };
  });
}

async function withPolicy<T>({ context, parts, tensors }: JudgeJob, use: (policy: Policy) => Promise<T>): Promise<T> {
  const { observation, action } = await context.dataset.info();
  const { engine } = context;
  const policy = hostPolicy(parts.optimiser.policy, { dimensions: { observation, action }, engine, tensors });
  try {
    return await use(policy);
  } finally {
    await policy.close();
  }
}
