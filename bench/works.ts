import { ConfigError } from "@lowerbound/core";

/** A program ready to be timed. */
export interface Prepared {
  /** Does the work once, random numbers included, as training does. */
  step(): Promise<void>;
  /** Does the work's matrix products alone, in the same engine with as many threads. */
  limitStep?(): Promise<void>;
  /** Timed repetitions, and those before the clock starts. */
  readonly repetitions: number;
  readonly warmUp: number;
  /** What one step counts for in the unit: transitions for a rate, 1 for a time. */
  readonly amount: number;
}

export interface Work {
  readonly name: string;
  readonly unit: "ms" | "s" | "transitions/s";
  /** The work of the baselines that it stands beside. */
  readonly baseline: string;
  /** The work of ours that it is a variant of, measured in the same rounds. */
  readonly variantOf?: string;
  /** Makes our side of it; absent while the program does not exist. */
  readonly prepare?: (threads: number) => Promise<Prepared>;
}

export const works: readonly Work[] = [
  {
    name: "sac",
    unit: "ms",
    baseline: "sac",
    prepare: async (threads) => (await import("./works/sac.js")).prepareSac(threads),
  },
  { name: "cql", unit: "ms", baseline: "cql" },
  {
    name: "ensemble",
    unit: "ms",
    baseline: "ensemble",
    prepare: async (threads) => (await import("./works/ensemble.js")).prepareEnsemble(threads),
  },
  { name: "rollout", unit: "transitions/s", baseline: "rollout" },
  { name: "rollout-custom-penalty", unit: "transitions/s", baseline: "rollout", variantOf: "rollout" },
  { name: "tt", unit: "ms", baseline: "tt" },
  { name: "plan", unit: "s", baseline: "plan" },
];

export const workNames: readonly string[] = works.map(({ name }) => name);

/** @throws ConfigError if there is none of that name */
export function findWork(name: string): Work {
  const work = works.find((each) => each.name === name);
  if (work === undefined) throw new ConfigError(`no work "${name}"`, { expected: `one of ${workNames.join(", ")}` });
  return work;
}
