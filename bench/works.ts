import { ConfigError } from "@lowerbound/core";
import type { Row } from "./compare.js";

/** Something to be timed. */
export interface Timing {
  step(): Promise<void>;
  /** Timed repetitions, and those before the clock starts. */
  readonly repetitions: number;
  readonly warmUp: number;
  /** What one step counts for: transitions for a rate, 1 for a time. */
  readonly amount: number;
}

/** Our side of a work, ready to be timed. */
export interface Prepared {
  /** The work as training does it, random numbers included. */
  readonly work: Timing;
  /** Its matrix products alone, in the same engine with as many threads. */
  readonly limit: Timing;
}

export interface Work {
  readonly name: string;
  readonly unit: "ms" | "s" | "transitions/s" | "plans/s";
  /** The work of the baselines that it stands beside; absent where they have none. */
  readonly baseline?: string;
  /** What the baseline is told besides. */
  readonly baselineArguments?: readonly string[];
  /** The work of ours that it is a variant of, measured in the same rounds. */
  readonly variantOf?: string;
  /** Makes our side of it; absent while the program does not exist. */
  readonly prepare?: (threads: number) => Promise<Prepared>;
  /** A work of several variants, which it compares with one another by itself. */
  readonly compareAll?: (rounds: number, threads: number) => Promise<readonly Row[]>;
}

/** As the baseline plans; it never cuts the context, the published form does. */
const published = { beamWidth: 128, horizon: 15, contextTransitions: 20 };

export const works: readonly Work[] = [
  {
    name: "sac",
    unit: "ms",
    baseline: "sac",
    prepare: async (threads) => (await import("./works/sac.js")).prepareSac(threads),
  },
  {
    name: "cql",
    unit: "ms",
    baseline: "cql",
    prepare: async (threads) => (await import("./works/cql.js")).prepareCql(threads),
  },
  {
    name: "ensemble",
    unit: "ms",
    baseline: "ensemble",
    prepare: async (threads) => (await import("./works/ensemble.js")).prepareEnsemble(threads),
  },
  {
    name: "rollout",
    unit: "transitions/s",
    baseline: "rollout",
    prepare: async (threads) => (await import("./works/rollout.js")).prepareRollout(threads),
  },
  {
    name: "rollout-custom-penalty",
    unit: "transitions/s",
    baseline: "rollout",
    variantOf: "rollout",
    prepare: async (threads) => (await import("./works/rollout.js")).prepareCustomRollout(threads),
  },
  {
    name: "penalties",
    unit: "ms",
    compareAll: async (rounds, threads) => (await import("./works/penalties.js")).comparePenalties(rounds, threads),
  },
  {
    name: "cem",
    unit: "plans/s",
    prepare: async (threads) => (await import("./works/cem.js")).prepareCem(threads),
  },
  {
    name: "tt",
    unit: "ms",
    baseline: "tt",
    prepare: async (threads) => (await import("./works/tt.js")).prepareTransformer(threads, 0),
  },
  {
    name: "tt-dropout",
    unit: "ms",
    baseline: "tt",
    prepare: async (threads) => (await import("./works/tt.js")).prepareTransformer(threads, 0.1),
  },
  {
    name: "plan",
    unit: "s",
    baseline: "plan",
    prepare: async (threads) => (await import("./works/plan.js")).preparePlan(threads, published),
  },
  {
    name: "plan-small",
    unit: "s",
    baseline: "plan",
    baselineArguments: ["--beam", "32", "--horizon", "5"],
    prepare: async (threads) =>
      (await import("./works/plan.js")).preparePlan(threads, { ...published, beamWidth: 32, horizon: 5 }),
  },
  {
    name: "plan-cropped",
    unit: "s",
    baseline: "plan",
    prepare: async (threads) =>
      (await import("./works/plan.js")).preparePlan(threads, { ...published, contextTransitions: 5 }),
  },
];

export const workNames: readonly string[] = works.map(({ name }) => name);

/** @throws ConfigError if there is none of that name */
export function findWork(name: string): Work {
  const work = works.find((each) => each.name === name);
  if (work === undefined) throw new ConfigError(`no work "${name}"`, { expected: `one of ${workNames.join(", ")}` });
  return work;
}
