import { ConfigError, Random } from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import {
  environmentComponents,
  environmentFactory,
  environmentType,
  isSimulated,
  type SimulatedEnvironment,
} from "../src/index.js";

async function simulated(name: string, options = {}): Promise<SimulatedEnvironment> {
  const environment = await environmentFactory(name, options).create();
  if (!isSimulated(environment)) throw new Error(`the state of ${name} cannot be set`);
  return environment;
}

describe("names", () => {
  test.each([
    ["Hopper-v5", "hopper"],
    ["hopper-medium-replay-v2", "hopper"],
    ["mujoco/halfcheetah/medium-v0", "halfcheetah"],
    ["HalfCheetah-v2", "halfcheetah"],
    ["InvertedPendulum-v5", "inverted-pendulum"],
    ["inverted-pendulum", "inverted-pendulum"],
    ["Pendulum-v1", "pendulum"],
    ["pendulum_random.hdf5", "pendulum"],
    ["inverted_pendulum.hdf5", "inverted-pendulum"],
    ["mujoco/inverted-pendulum/medium-v0", "inverted-pendulum"],
    ["inverted-double-pendulum", undefined],
    ["antmaze-umaze-v2", undefined],
    ["", undefined],
  ])("%s is %s", (name, type) => {
    expect(environmentType(name)).toBe(type);
  });

  test("every component is found by its type and by its id", () => {
    for (const { type } of environmentComponents) {
      expect(environmentType(type)).toBe(type);
      expect(environmentType(environmentFactory(type).id)).toBe(type);
    }
  });

  test("a misspelt name and a wrong option are refused with the remedy", () => {
    expect(() => environmentFactory("hoper")).toThrow(/did you mean "hopper"/);
    expect(() => environmentFactory("hopper", { frameSkip: 0 })).toThrow(ConfigError);
  });
});

describe("options", () => {
  const action = new Float32Array(3).fill(0.5);

  test("weights and healthy reward enter Hopper's reward", async () => {
    const options = { ctrlCostWeight: 2, healthyReward: 5, forwardRewardWeight: 0 };
    const environment = await simulated("hopper", options);
    environment.reset(0);
    const { reward, info } = environment.step(action);
    expect(reward).toBe(5 - 2 * 0.75);
    expect(info).toMatchObject({ reward_survive: 5, reward_ctrl: -1.5, reward_forward: 0 });
    environment.close();
  });

  test("frameSkip shortens a step, a time limit an episode, positions appear", async () => {
    const options = { frameSkip: 1, timeLimit: 2, excludeCurrentPositionsFromObservation: false };
    const environment = await simulated("hopper", options);
    const [before = 0, ...others] = environment.reset(0);
    expect(others).toHaveLength(11);
    const { observation, info } = environment.step(action);
    expect(info.x_velocity).toBeCloseTo((observation[0]! - before) / 0.002, 9);
    expect(environment.step(action)).toMatchObject({ truncated: true, terminated: false });
    environment.close();
  });

  test("an unhealthy hopper goes on where it may, without its reward", async () => {
    const environment = await simulated("hopper", { terminateWhenUnhealthy: false });
    environment.resetTo({ qpos: Float64Array.of(0, 0.3, 0, 0, 0, 0), qvel: new Float64Array(6) });
    expect(environment.step(action)).toMatchObject({ terminated: false, info: { reward_survive: 0 } });
    environment.close();
  });

  test("Ant's contact forces can be left out, and the main body named", async () => {
    const environment = await simulated("ant", { includeCfrcExtInObservation: false, mainBody: "torso" });
    const whole = await simulated("ant");
    expect(environment.reset(4)).toEqual(whole.reset(4).subarray(0, 27));
    const push = new Float32Array(8).fill(0.4);
    expect(environment.step(push).reward).toBe(whole.step(push).reward);
    environment.close();
    whole.close();
    await expect(simulated("ant", { mainBody: "head" })).rejects.toThrow(/no body "head"/);
  });

  test("without reset noise every episode starts at rest", async () => {
    const environment = await simulated("walker2d", { resetNoiseScale: 0 });
    expect(environment.reset(1)).toEqual(environment.reset(2));
    expect(environment.reset(3)[0]).toBe(1.25);
    environment.close();
  });
});

describe("first states", () => {
  test("noise keeps its bounds and fills them", async () => {
    const environment = await simulated("hopper");
    const seen = Array.from({ length: 300 }, (_, seed) => environment.reset(seed));
    const joints = seen.flatMap((observation) => [...observation.subarray(1)]);
    expect(Math.max(...joints.map(Math.abs))).toBeLessThanOrEqual(5e-3);
    expect(Math.max(...joints)).toBeGreaterThan(4.9e-3);
    expect(Math.min(...joints)).toBeLessThan(-4.9e-3);
    environment.close();
  });

  test("HalfCheetah's velocities are normal with deviation 0.1", async () => {
    const environment = await simulated("halfcheetah");
    const velocities = Array.from({ length: 400 }, (_, seed) => [...environment.reset(seed).subarray(8)]).flat();
    const deviation = Math.sqrt(velocities.reduce((sum, v) => sum + v * v, 0) / velocities.length);
    expect(deviation).toBeCloseTo(0.1, 2);
    expect(Math.max(...velocities)).toBeGreaterThan(0.25);
    environment.close();
  });

  test("Reacher's target lies within reach, at rest", async () => {
    const environment = await simulated("reacher");
    for (let seed = 0; seed < 100; seed++) {
      environment.reset(seed);
      const { qpos, qvel } = environment.snapshot().state;
      expect(Math.hypot(qpos![2]!, qpos![3]!)).toBeLessThan(0.2);
      expect([qvel![2], qvel![3]]).toEqual([0, 0]);
    }
    environment.close();
  });
});

describe("bad states", () => {
  test("a state of another size or without numbers is refused", async () => {
    const environment = await simulated("hopper");
    const state = { qpos: new Float64Array(5), qvel: new Float64Array(6) };
    expect(() => environment.resetTo(state)).toThrow(/qpos: state has 5 entries/);
    const nan = { qpos: new Float64Array(6).fill(Number.NaN), qvel: new Float64Array(6) };
    expect(() => environment.resetTo(nan)).toThrow(/qpos: state has an entry that is not finite/);
    environment.close();
  });

  test("a state that explodes is an error, not a silent reset", async () => {
    const environment = await simulated("swimmer");
    environment.resetTo({ qpos: new Float64Array(5), qvel: new Float64Array(5).fill(1e12) });
    expect(() => environment.step(new Float32Array(2))).toThrow(/exploded/);
    environment.close();
  });

  test("a snapshot of another environment, or a broken one, is refused", async () => {
    const hopper = await simulated("hopper");
    const walker = await simulated("walker2d");
    hopper.reset(0);
    const snapshot = hopper.snapshot();
    expect(() => walker.restore(snapshot)).toThrow(/Hopper-v5/);
    const { qvel: _, ...state } = snapshot.state;
    expect(() => hopper.restore({ ...snapshot, state })).toThrow(/no "qvel"/);
    hopper.close();
    walker.close();
  });

  test("a closed environment refuses everything and can be closed twice", async () => {
    const environment = await simulated("hopper");
    environment.close();
    environment.close();
    expect(() => environment.reset(0)).toThrow(/closed/);
  });
});

test("views survive the growth of the engine's memory", async () => {
  const first = await simulated("hopper");
  const random = Random.fromSeed(0);
  const act = () => random.uniform(new Float32Array(3));
  first.reset(0);
  const others: SimulatedEnvironment[] = [];
  for (let i = 0; i < 40; i++) {
    others.push(await simulated("ant"));
    const { observation, terminated } = first.step(act());
    expect(observation.every(Number.isFinite)).toBe(true);
    if (terminated) first.reset(i);
  }
  for (const environment of [first, ...others]) environment.close();
});
