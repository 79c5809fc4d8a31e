import {
  type AnyComponent,
  createUntypedPipeline,
  DataError,
  type Dimensions,
  FileError,
  NumericalError,
  type Policy,
} from "@lowerbound/core";
import { readConfig, readResult } from "@lowerbound/runs";
import { z } from "zod";
import { standardComponents } from "./components.js";

export interface OpenPolicyOptions {
  /** Which policy: the last, `best` of the evaluations during training, or another that training kept. */
  readonly snapshot?: string;
  /** What the run was made of: the standard components, unless it has some of its own. */
  readonly components?: readonly AnyComponent[];
}

/**
 * The action [action] at an observation [observation], deterministic; one call at a time.
 *
 * @throws DataError for an observation of another width, or with an entry that is no finite number: what a policy answers
 * to one could be carried out; NumericalError for such an action
 */
export type Controller = (observation: ArrayLike<number>) => Promise<Float32Array>;

export interface OpenedPolicy {
  /** A controller for one process, remembering what the policy remembers; as many as there are processes. */
  controller(): Promise<Controller>;
  /** For batches, and actions at random. */
  readonly policy: Policy;
  /** How wide observations and actions are. */
  readonly dimensions: Dimensions;
  /** Give back the policy and its engine. */
  close(): Promise<void>;
}

const count = z.int().positive();
const Result = z.looseObject({ dataset: z.object({ observation: count, action: count }) });

/**
 * The policy of a finished run, from its directory alone: the log that it learnt from need not be there.
 *
 * @throws FileError where no finished run lies, or it kept no such policy; ConfigError for a component that is not given
 */
export async function openPolicy(
  directory: string,
  { snapshot = "last", components = standardComponents }: OpenPolicyOptions = {},
): Promise<OpenedPolicy> {
  const [config, result] = [await readConfig(directory), Result.safeParse(await readResult(directory))];
  if (config === undefined || !result.success) throw noFinishedRun(directory);
  const pipeline = createUntypedPipeline(components, config);
  const dimensions = result.data.dataset;
  try {
    const policy = await pipeline.policy({ directory, quiet: true }, snapshot, dimensions);
    return {
      policy,
      dimensions,
      controller: () => controllerOf(policy, dimensions),
      close: () => policy.close().finally(pipeline.dispose),
    };
  } catch (error) {
    await pipeline.dispose();
    throw error;
  }
}

async function controllerOf(policy: Policy, { observation: columns, action }: Dimensions): Promise<Controller> {
  let state = await policy.init(1, 0);
  return async (given) => {
    // Rounded to float32, which is what networks read.
    const data = Float32Array.from(given);
    const unseen = wrongOf("the observation", data, columns);
    if (unseen !== undefined) throw new DataError(unseen, refusal(columns, SENSOR));
    const acted = await policy.act({ rows: 1, columns, data }, state, { deterministic: true });
    state = acted.state;
    const broken = wrongOf("the policy's action", acted.actions.data, action);
    if (broken !== undefined) throw new NumericalError(broken, refusal(action, BROKEN));
    return acted.actions.data;
  };
}

const SENSOR = "where a sensor gives none, decide without the policy";
const BROKEN = "decide without the policy, and train it anew or open another snapshot";
const refusal = (width: number, remedy: string) => ({
  where: "controller",
  expected: `${width} finite numbers`,
  remedy,
});

/** What is wrong with a vector, or undefined. */
function wrongOf(what: string, data: Float32Array, width: number): string | undefined {
  if (data.length !== width) return `${what} has another number of entries, ${data.length}`;
  const at = data.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? undefined : `entry ${at} of ${what} is ${data[at]}`;
}

const noFinishedRun = (directory: string) =>
  new FileError("no finished run lies there", {
    where: directory,
    expected: "a directory that a pipeline or `lowerbound train` made (with config.json and result.json)",
    remedy: `check the path, or train to the end: lowerbound train --resume ${directory}`,
  });
