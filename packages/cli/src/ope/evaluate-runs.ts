import { Algorithm, ConfigError, Dataset, Engine, Random } from "@lowerbound/core";
import {
  type BehaviourDensity,
  type BehaviourJob,
  cloneBehaviour,
  evaluateOffPolicy,
  type OffPolicyJob,
  type OffPolicyMethod,
  type OffPolicyOptions,
  type OffPolicyOutcome,
} from "@lowerbound/evaluation";
import { refuseChangedLog } from "../independent-log.js";
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
 * Evaluate the policies of runs from their common dataset: the same model for all, and the same behaviour density for
 * all whose actions lie in the same box.
 *
 * @throws ConfigError if the runs' datasets differ; FileError for a run without a policy, DataError for one whose log
 * changed, both before anything is estimated
 */
export async function evaluateRuns(
  runs: readonly OpenedRun[],
  options: EvaluateRunsOptions,
): Promise<readonly PolicyEstimates[]> {
  const opened: (readonly [OpenedRun, readonly SavedPolicy[]])[] = [];
  for (const run of runs) opened.push([run, await savedPolicies(run.directory, options.policies)]);
  const shared = await sharedParts(runs, options);
  const results: PolicyEstimates[] = [];
  try {
    for (const [run, saved] of opened) {
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
  for (const run of runs) await refuseChangedLog(run);
  const [engine, transitions] = [first.get(Engine), await first.get(Dataset).transitions()];
  const model = dynamics === undefined ? await modelOfRuns(runs) : await requireModel(dynamics);
  const random = Random.fromSeed(seed).stream("behaviour");
  const { behaviour, dispose } = clonesOf({ engine, transitions, options: options.behaviour, random });
  const job: SharedJob = { engine, transitions, options, seed, model, behaviour, ...(signal ? { signal } : {}) };
  return { job, dispose };
}

/** The behaviour's clone over each action box that is asked for, made once. */
function clonesOf(job: Omit<BehaviourJob, "maximumAction">) {
  const clones = new Map<number, Promise<BehaviourDensity>>();
  return {
    behaviour: (maximumAction: number) => {
      const found = clones.get(maximumAction) ?? cloneBehaviour({ ...job, maximumAction });
      clones.set(maximumAction, found);
      return found;
    },
    dispose: async () => {
      for (const clone of clones.values()) await (await clone).dispose();
    },
  };
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
