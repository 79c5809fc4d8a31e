import type { EnvironmentFactory } from "@lowerbound/core";
import { joinRows, type LaneSteps } from "../rollout/lanes.js";
import { checkCount, checkLane, type VectorEnvironment } from "../rollout/vector-environment.js";
import { recipeOf, type WorkerPool } from "./pool.js";

/**
 * `count` environments spread over worker threads; a vector environment has the pool for itself until it is closed.
 *
 * Lane i lives in worker i modulo the pool's size. The same seeds and actions give the same numbers as in one thread.
 *
 * @throws CapabilityError if the factory cannot be repeated in a thread
 */
export async function createWorkerVectorEnvironment(
  factory: EnvironmentFactory,
  count: number,
  pool: WorkerPool,
): Promise<VectorEnvironment> {
  checkCount(count);
  const recipe = recipeOf(factory);
  const used = Math.min(count, pool.size);
  const made = await Promise.all(
    Array.from({ length: used }, (_, worker) =>
      pool.call(worker, "make", { recipe, count: Math.ceil((count - worker) / used) }),
    ),
  );
  const { observationSpace, actionSpace, timeLimit } = made[0]!;
  return {
    id: factory.id,
    count,
    observationSpace,
    actionSpace,
    timeLimit,
    reset: async (lanes, seeds) => {
      const shares = share(lanes, count, used);
      const parts = await Promise.all(
        shares.map(({ worker, places, local }) =>
          pool.call(worker, "reset", { lanes: local, seeds: places.map((place) => seeds[place]!) }),
        ),
      );
      return merge(shares, parts, lanes.length);
    },
    step: async (lanes, actions) => {
      const width = actions.length / lanes.length;
      const shares = share(lanes, count, used);
      const parts = await Promise.all(
        shares.map(({ worker, places, local }) =>
          pool.call(worker, "step", { lanes: local, actions: pickRows(actions, places, width) }),
        ),
      );
      return mergeSteps(shares, parts, lanes.length);
    },
    close: async () => {},
  };
}

/** The lanes of one worker: their places in the request and their numbers in the worker. */
interface Share {
  readonly worker: number;
  readonly places: number[];
  readonly local: number[];
}

function share(lanes: readonly number[], count: number, workers: number): readonly Share[] {
  const shares = Array.from({ length: workers }, (_, worker): Share => ({ worker, places: [], local: [] }));
  lanes.forEach((lane, place) => {
    const { places, local } = shares[checkLane(lane, count) % workers]!;
    places.push(place);
    local.push(Math.floor(lane / workers));
  });
  return shares.filter(({ places }) => places.length > 0);
}

function pickRows(actions: Float32Array, places: readonly number[], width: number): Float32Array {
  const picked = new Float32Array(places.length * width);
  places.forEach((place, i) => {
    picked.set(actions.subarray(place * width, (place + 1) * width), i * width);
  });
  return picked;
}

function merge(shares: readonly Share[], parts: readonly Float64Array[], rows: number): Float64Array {
  const ordered = new Array<Float64Array>(rows);
  shares.forEach(({ places }, i) => {
    const part = parts[i]!;
    const width = part.length / places.length;
    places.forEach((place, j) => {
      ordered[place] = part.subarray(j * width, (j + 1) * width);
    });
  });
  return joinRows(ordered);
}

function mergeSteps(shares: readonly Share[], parts: readonly LaneSteps[], rows: number): LaneSteps {
  const flags = (key: "terminated" | "truncated") =>
    Uint8Array.from(
      merge(
        shares,
        parts.map((part) => Float64Array.from(part[key])),
        rows,
      ),
    );
  return {
    observations: merge(
      shares,
      parts.map(({ observations }) => observations),
      rows,
    ),
    rewards: merge(
      shares,
      parts.map(({ rewards }) => rewards),
      rows,
    ),
    terminated: flags("terminated"),
    truncated: flags("truncated"),
  };
}
