import { CapabilityError, type EnvironmentFactory, type Policy, Random } from "@lowerbound/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createVectorEnvironment,
  createWorkerVectorEnvironment,
  environmentFactory,
  episodeSeeds,
  type PolicyRecipe,
  type RecordEpisodesOptions,
  type RecordedEpisode,
  recordEpisodes,
  rolloutEpisodes,
  startWorkers,
  type WorkerPool,
} from "../src/index.js";
import { linearPolicy } from "./support/linear-policy.js";

const hopper = environmentFactory("hopper", { timeLimit: 50 });
const argument = { weights: Random.fromSeed(3).normal(new Float32Array(33)), actions: 3 };
const policy = linearPolicy(argument) as Policy;
const recipe: PolicyRecipe = {
  module: new URL("./support/linear-policy.ts", import.meta.url).href,
  export: "linearPolicy",
  argument,
};

let pool: WorkerPool;
beforeAll(async () => {
  pool = await startWorkers(2);
});
afterAll(() => pool.close());

async function record(options: RecordEpisodesOptions, from: Policy | PolicyRecipe = policy, factory = hopper) {
  const episodes: RecordedEpisode[] = [];
  for await (const episode of recordEpisodes(from, factory, options)) episodes.push(episode);
  return episodes;
}

describe("vector environments", () => {
  test("in threads they give the numbers of one thread", async () => {
    const here = await createVectorEnvironment(hopper, 5);
    const there = await createWorkerVectorEnvironment(hopper, 5, pool);
    const lanes = [4, 0, 3];
    const seeds = [1, 2, 3];
    expect(await there.reset(lanes, seeds)).toEqual(await here.reset(lanes, seeds));
    const random = Random.fromSeed(0);
    for (let t = 0; t < 5; t++) {
      const actions = random.uniform(new Float32Array(9));
      expect(await there.step(lanes, actions)).toEqual(await here.step(lanes, actions));
    }
    expect(there.observationSpace).toEqual(here.observationSpace);
    expect(there.timeLimit).toBe(50);
    await expect(there.step([5], new Float32Array(3))).rejects.toThrow(/no lane 5/);
    await here.close();
  });

  test("an error in a thread comes back with its message", async () => {
    const there = await createWorkerVectorEnvironment(hopper, 2, pool);
    await expect(there.step([0], new Float32Array(3))).rejects.toThrow(/no episode has begun/);
    await there.reset([0, 1], [1, 2]);
    await expect(there.step([1], Float32Array.of(0, Number.NaN, 0))).rejects.toThrow(/entry 1 of the action is NaN/);
  });

  test("a factory without a recipe is refused", async () => {
    const bare: EnvironmentFactory = { id: "bare", create: () => hopper.create() };
    await expect(createWorkerVectorEnvironment(bare, 2, pool)).rejects.toThrow(CapabilityError);
  });

  test("an own environment is made from its module", async () => {
    const module = new URL("./support/own-environment.ts", import.meta.url).href;
    const own = { ...hopper, recipe: { module, type: "own", options: { timeLimit: 7 } } };
    const there = await createWorkerVectorEnvironment(own, 2, pool);
    expect(there.timeLimit).toBe(7);
  });
});

describe("rolloutEpisodes", () => {
  const options = { episodes: 7, seed: 5, parallel: 3 };

  test.each([true, false])("does not depend on threads, deterministic %s", async (deterministic) => {
    const here = await rolloutEpisodes(policy, hopper, { ...options, deterministic });
    const there = await rolloutEpisodes(policy, hopper, { ...options, deterministic, workers: 2 });
    expect(there).toEqual(here);
    expect(here.environmentSteps).toBe(here.lengths.reduce((sum, length) => sum + length, 0));
  });

  test("a policy that can keep the rows that go on is asked for no others, and plays the same episodes", async () => {
    const asked: number[] = [];
    const keeping: Policy = {
      ...policy,
      act: (observations, state, how) => {
        asked.push(observations.rows);
        return policy.act(observations, state, how);
      },
      keep: (state) => state,
    };
    const played = await rolloutEpisodes(keeping, hopper, { ...options, deterministic: true });
    expect(played).toEqual(await rolloutEpisodes(policy, hopper, { ...options, deterministic: true }));
    // Seven episodes, three at a time: each row that was asked for was a step.
    expect(asked.reduce((sum, rows) => sum + rows, 0)).toBe(played.environmentSteps);
    expect(Math.max(...asked)).toBe(3);
  });

  test("a deterministic policy's episodes are those of their seeds, one by one", async () => {
    const { returns, lengths, terminated } = await rolloutEpisodes(policy, hopper, { ...options, deterministic: true });
    const environment = await hopper.create();
    for (let episode = 0; episode < 7; episode++) {
      let observation = environment.reset(episodeSeeds(5, episode).environment);
      let total = 0;
      for (let t = 1; ; t++) {
        const data = Float32Array.from(observation);
        const state = await policy.init(1, 0);
        const { actions } = await policy.act({ rows: 1, columns: 11, data }, state, { deterministic: true });
        const step = environment.step(actions.data);
        total += step.reward;
        observation = step.observation;
        if (!step.terminated && !step.truncated) continue;
        expect([returns[episode], lengths[episode]]).toEqual([total, t]);
        expect(terminated[episode]).toBe(step.terminated ? 1 : 0);
        break;
      }
    }
    expect(new Set(returns).size).toBe(7);
    environment.close();
  });

  test("a stochastic policy follows the seed", async () => {
    const play = (seed: number) => rolloutEpisodes(policy, hopper, { ...options, seed, deterministic: false });
    expect(await play(5)).toEqual(await play(5));
    expect((await play(6)).returns).not.toEqual((await play(5)).returns);
  });

  test("stops at a signal, refuses no episodes", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(rolloutEpisodes(policy, hopper, { ...options, deterministic: true, signal })).rejects.toThrow(
      "enough",
    );
    await expect(rolloutEpisodes(policy, hopper, { ...options, deterministic: true, episodes: 0 })).rejects.toThrow(
      /0 episodes/,
    );
  });
});

describe("recordEpisodes", () => {
  const options = { seed: 2, deterministic: false, episodes: 5 };

  test("threads change nothing", async () => {
    const here = await record(options);
    expect(await record({ ...options, pool }, recipe)).toEqual(here);
    expect(await record(options, recipe)).toEqual(here);
    expect(here.map(({ episode }) => episode)).toEqual([0, 1, 2, 3, 4]);
  });

  test("episodes are whole and begin anywhere", async () => {
    const all = await record(options);
    expect(await record({ ...options, first: 3, episodes: 2 })).toEqual(all.slice(3));
    for (const { steps, observations, actions, rewards, qpos, qvel, terminated, truncated } of all) {
      expect([observations.length, actions.length, rewards.length]).toEqual([11 * (steps + 1), 3 * steps, steps]);
      expect([qpos.length, qvel.length]).toEqual([6 * steps, 6 * steps]);
      expect(qpos.subarray(1, 6)).toEqual(observations.subarray(0, 5));
      expect(terminated || truncated).toBe(true);
    }
  });

  test("the caller can stop an endless recording and use the pool again", async () => {
    const endless = recordEpisodes(recipe, hopper, { seed: 1, deterministic: true, pool });
    let steps = 0;
    for await (const episode of endless) {
      steps += episode.steps;
      if (steps > 60) break;
    }
    expect(await record({ ...options, pool }, recipe)).toEqual(await record(options));
  });

  test("a policy object cannot go to threads; a wrong recipe names itself", async () => {
    await expect(record({ ...options, pool })).rejects.toThrow(/recipe/);
    await expect(record({ ...options, pool }, { ...recipe, export: "nothing" })).rejects.toThrow(/"nothing"/);
    const small = { ...recipe, argument: { weights: argument.weights, actions: 2 } };
    await expect(record({ ...options, pool }, small)).rejects.toThrow(/2 action entries/);
  });
});

test("a closed pool refuses work", async () => {
  const closed = await startWorkers(1);
  await closed.close();
  await expect(createWorkerVectorEnvironment(hopper, 1, closed)).rejects.toThrow(/worker thread ended/);
  await expect(startWorkers(0)).rejects.toThrow(/0 worker threads/);
});
