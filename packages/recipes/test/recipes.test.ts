import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, FileError } from "@lowerbound/core";
import { d4rlHdf5, minari } from "@lowerbound/datasets";
import { describe, expect, it, onTestFinished } from "vitest";
import { type MakeOptions, makeRecipe, recipes } from "../src/index.js";
import { loadLadder } from "../src/ladder.js";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lowerbound-recipes-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const none = {
  inject: () => {
    throw new Error("datasets need no other component");
  },
  optional: () => undefined,
};
const open = (path: string) => d4rlHdf5.create(d4rlHdf5.config.parse({ path }), none);
const digest = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

async function made(name: string, options: Omit<MakeOptions, "path"> = {}): Promise<string> {
  const path = join(await temporaryFolder(), "made.hdf5");
  await makeRecipe(name, { path, workers: 0, transitions: 400, ...options });
  return digest(path);
}

describe("a recipe", () => {
  it("gives the same bytes for the same seed, whatever the number of threads", async () => {
    const here = await made("hopper-medium-replay", { seed: 5 });
    expect(await made("hopper-medium-replay", { seed: 5 })).toBe(here);
    expect(await made("hopper-medium-replay", { seed: 5, workers: 2 })).toBe(here);
    expect(await made("hopper-medium-replay", { seed: 6 })).not.toBe(here);
  });

  it.each(recipes.map(({ name, environmentId }) => [name, environmentId] as const))(
    "%s makes what it was asked for",
    async (name, environmentId) => {
      const path = join(await temporaryFolder(), "made.hdf5");
      const seen: number[] = [];
      const result = await makeRecipe(name, {
        path,
        workers: 0,
        transitions: 300,
        onProgress: ({ transitions, total }) => seen.push(transitions / total),
      });
      const dataset = open(path);
      const info = await dataset.info();
      expect(info).toMatchObject({ environmentId, steps: 300, episodes: result.episodes });
      expect(info.returns.mean).toBeCloseTo(result.returns.mean, 3);
      expect((await dataset.transitions()).count).toBe(300);
      expect(seen).toHaveLength(result.episodes);
      expect(seen.at(-1)).toBe(1);
    },
  );

  it("cuts the last episode, as by a time limit", async () => {
    const path = join(await temporaryFolder(), "made.hdf5");
    await makeRecipe("halfcheetah-medium", { path, workers: 0, transitions: 1100 });
    const ends: unknown[] = [];
    for await (const { length, terminated, truncated } of open(path).episodes())
      ends.push([length, terminated, truncated]);
    expect(ends).toEqual([
      [1000, false, true],
      [100, false, true],
    ]);
  });

  it("writes Minari's layout, too", async () => {
    const path = join(await temporaryFolder(), "tiny-v0");
    await makeRecipe("hopper-medium-expert", { path, workers: 0, transitions: 120, layout: "minari" });
    const info = await minari.create(minari.config.parse({ path }), none).info();
    expect(info).toMatchObject({ name: "mujoco/hopper/medium-expert-v0", environmentId: "Hopper-v5", steps: 120 });
  });

  it("plays as well as the policies did in training: medium, then expert", async () => {
    const path = join(await temporaryFolder(), "made.hdf5");
    await makeRecipe("halfcheetah-medium-expert", { path, workers: 0, transitions: 2000 });
    const returns: number[] = [];
    for await (const { rewards } of open(path).episodes()) returns.push(rewards.reduce((sum, each) => sum + each, 0));
    expect(returns[0]).toBeGreaterThan(4300);
    expect(returns[0]).toBeLessThan(5300);
    expect(returns[1]).toBeGreaterThan(6000);
  });
});

describe("what cannot be made leaves nothing behind", () => {
  it("an unknown recipe, half a transition, threads that are none", async () => {
    await expect(makeRecipe("hoper-medium", { path: "x" })).rejects.toThrow(
      /no recipe "hoper-medium"[\s\S]*did you mean "hopper-medium"/,
    );
    await expect(makeRecipe("hopper-medium", { path: "x", transitions: 0.5 })).rejects.toThrow(ConfigError);
    for (const workers of [-2, Number.NaN])
      await expect(makeRecipe("hopper-medium", { path: "x", workers })).rejects.toThrow(ConfigError);
  });

  it("a file that is there already, which stays as it was", async () => {
    const path = join(await temporaryFolder(), "made.hdf5");
    await writeFile(path, "x");
    for (const layout of ["d4rl-hdf5", "minari"] as const)
      await expect(makeRecipe("hopper-medium", { path, layout, workers: 0 })).rejects.toThrow(
        /already[\s\S]*remove it/,
      );
    expect(await readFile(path, "utf8")).toBe("x");
  });

  it("a path under a regular file, known before anything is simulated", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "x");
    const path = join(folder, "file", "made.hdf5");
    let episodes = 0;
    const making = makeRecipe("hopper-medium", { path, workers: 0, onProgress: () => episodes++ });
    await expect(making).rejects.toThrow(FileError);
    expect(episodes).toBe(0);
  });

  it("a signal", async () => {
    const folder = await temporaryFolder();
    const stop = new AbortController();
    const making = makeRecipe("hopper-medium-replay", {
      path: join(folder, "made.hdf5"),
      workers: 0,
      signal: stop.signal,
      onProgress: ({ transitions }) => transitions > 200 && stop.abort(new Error("enough")),
    });
    await expect(making).rejects.toThrow("enough");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("the ladder", () => {
  it.each([
    ["hopper", 12],
    ["halfcheetah", 10],
  ])("of %s has %i rungs", async (task, count) => {
    const { rungs } = await loadLadder(task);
    expect(rungs).toEqual(Array.from({ length: count }, (_, i) => 10_000 * (i + 1)));
  });

  it("splits a replay buffer among the policies nearest to each step", async () => {
    const replay = recipes.find(({ name }) => name === "halfcheetah-medium-replay");
    const phases = replay?.phases(await loadLadder("halfcheetah")) ?? [];
    expect(phases.map(({ until }) => Math.round(100 * until))).toEqual([5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 100]);
    expect(phases.map(({ policy }) => policy.export)).toEqual(["uniformPolicy", ...Array(10).fill("gaussianPolicy")]);
  });
});
