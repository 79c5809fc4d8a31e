import { type Box, ConfigError, type Environment, type EnvironmentFactory } from "@lowerbound/core";
import { type LaneSteps, resetLanes, stepLanes } from "./lanes.js";

/** Several environments of one kind, stepped together; a lane is one of them. */
export interface VectorEnvironment {
  readonly id: string;
  /** Number of lanes. */
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly timeLimit: number;
  /** Begin an episode in each lane named, with a seed each; observations [lanes, observation]. */
  reset(lanes: readonly number[], seeds: readonly number[]): Promise<Float64Array>;
  /** Step the lanes named with actions [lanes, action]. */
  step(lanes: readonly number[], actions: Float32Array): Promise<LaneSteps>;
  close(): Promise<void>;
}

/**
 * `count` environments in this thread.
 *
 * @throws ConfigError if `count` is not a positive integer
 */
export async function createVectorEnvironment(factory: EnvironmentFactory, count: number): Promise<VectorEnvironment> {
  checkCount(count);
  const environments = await Promise.all(Array.from({ length: count }, () => factory.create()));
  const [first] = environments;
  if (first === undefined) throw new ConfigError("there is no environment");
  const of = (lanes: readonly number[]): Environment[] => lanes.map((lane) => environments[checkLane(lane, count)]!);
  return {
    id: factory.id,
    count,
    observationSpace: first.observationSpace,
    actionSpace: first.actionSpace,
    timeLimit: first.timeLimit,
    reset: async (lanes, seeds) => resetLanes(of(lanes), seeds),
    step: async (lanes, actions) => stepLanes(of(lanes), actions),
    close: async () => {
      for (const environment of environments) environment.close();
    },
  };
}

export function checkCount(count: number): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  throw new ConfigError(`${count} environments cannot be made`, { expected: "a positive integer" });
}

/** @throws ConfigError for a lane that is not there */
export function checkLane(lane: number, count: number): number {
  if (Number.isSafeInteger(lane) && lane >= 0 && lane < count) return lane;
  throw new ConfigError(`there is no lane ${lane}`, { expected: `0 to ${count - 1}` });
}
