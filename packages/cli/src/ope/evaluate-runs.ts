import { Algorithm, ConfigError, Dataset, Engine, Random } from "@lowerbound/core";
import {
  type BehaviourDensity,
  cloneBehaviour,
  evaluateOffPolicy,
  type OffPolicyJob,
  type OffPolicyMethod,
  type OffPolicyOptions,
  type OffPolicyOutcome,
} from "@lowerbound/evaluation";
import { actingNames, distinctPolicies } from "./distinct.js";
import { modelOfRuns, requireModel } from "./model-of-run.js";
import { type OpenedRun, type SavedPolicy, savedPolicies } from "./saved-run.js";

export interface EvaluateRunsOptions {
  readonly methods: readonly OffPolicyMethod[];
  readonly policies: "last" | "all";
  readonly options: OffPolicyOptions;
  readonly seed: number;
  /** The run whose model rolls every policy out; the first that has one, where left out. */
  readonly dynamics?: OpenedRun;
  readonly onPolicy: (name: string) => void;
  readonly signal?: AbortSignal;
}

/** Estimates of one saved policy. */
export interface PolicyEstimates {
  readonly run: string;
  readonly policy: string;
  /** Undiscounted return that the run recorded in its environment, if it did. */
  readonly truth: number | undefined;
  readonly outcomes: readonly OffPolicyOutcome[];
}

/**
 * Evaluate the policies of runs from their common dataset: the same behaviour density and the same model for all.
 *
 * @throws ConfigError if the runs' datasets differ
 */
export async function evaluateRuns(
  runs: readonly OpenedRun[],
  options: EvaluateRunsOptions,
): Promise<readonly PolicyEstimates[]> {
  const shared = await sharedParts(runs, options);
  const results: PolicyEstimates[] = [];
  try {
    for (const run of runs) {
      const saved = await savedPolicies(run.directory, options.policies);
      for (const policy of distinctPolicies(saved, actingNames(run, shared.job.transitions))) {
        options.onPolicy(`${run.directory} ${policy.name}`);
        results.push(await evaluateSaved(run, policy, shared.job, options.methods));
      }
    }
    return results;
  } finally {
    await shared.dispose();
  }
}

type SharedJob = Omit<OffPolicyJob, "policy">;

async function sharedParts(runs: readonly OpenedRun[], { dynamics, options, seed, signal }: EvaluateRunsOptions) {
  const first = runs[0]!.pipeline;
  const fingerprints = await Promise.all(
    runs.map(async ({ pipeline }) => (await pipeline.get(Dataset).info()).fingerprint),
  );
  const other = fingerprints.findIndex((fingerprint) => fingerprint !== fingerprints[0]);
  if (other >= 0) {
    throw new ConfigError("the runs learnt from different data", {
      where: `${runs[0]!.directory}, ${runs[other]!.directory}`,
      expected: "runs of one dataset, so that their policies are estimated from the same log",
    });
  }
  const [engine, transitions] = [first.get(Engine), await first.get(Dataset).transitions()];
  const model = dynamics === undefined ? await modelOfRuns(runs) : await requireModel(dynamics);
  let cloned: Promise<BehaviourDensity> | undefined;
  const random = Random.fromSeed(seed).stream("behaviour");
  const behaviour = () => {
    cloned ??= cloneBehaviour({ engine, transitions, options: options.behaviour, random });
    return cloned;
  };
  const job: SharedJob = { engine, transitions, options, seed, model, behaviour, ...(signal ? { signal } : {}) };
  return { job, dispose: async () => (await cloned)?.dispose() };
}

async function evaluateSaved(
  { directory, pipeline }: OpenedRun,
  { name, tensors, truth }: SavedPolicy,
  job: SharedJob,
  methods: readonly OffPolicyMethod[],
): Promise<PolicyEstimates> {
  const { engine } = job;
  const policy = await pipeline.get(Algorithm).policy({ dimensions: job.transitions, engine, tensors });
  try {
    return { run: directory, policy: name, truth, outcomes: await evaluateOffPolicy({ ...job, policy }, methods) };
  } finally {
    await policy.close();
  }
}
