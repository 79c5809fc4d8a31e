import { join } from "node:path";
import { type Episode, Random } from "@lowerbound/core";
import { writeD4rl, writeMinari } from "@lowerbound/datasets";

/** Writes the same few episodes in both layouts into a folder, for `check.py` to read back. */
const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: write-samples.ts FOLDER");

const [observation, action] = [11, 3];
const random = Random.fromSeed(7);

const episode = (length: number, terminated: boolean, truncated: boolean): Episode => ({
  observation,
  action,
  length,
  observations: random.normal(new Float32Array((length + 1) * observation)),
  actions: random.uniform(new Float32Array(length * action)),
  rewards: Float32Array.from({ length }, (_, step) => length + step / 8),
  terminated,
  truncated,
  finalObservationKnown: true,
});

const episodes = [episode(5, true, false), episode(1, false, true), episode(300, true, true), episode(17, false, true)];
const environment = { id: "Hopper-v5", entryPoint: "gymnasium.envs.mujoco.hopper_v5:HopperEnv", timeLimit: 1000 };

await writeD4rl(join(folder, "sample.hdf5"), episodes, { environmentId: environment.id, algorithm: "SAC" });
await writeMinari(join(folder, "minari", "mujoco", "hopper", "sample-v0"), episodes, {
  datasetId: "mujoco/hopper/sample-v0",
  environment,
  algorithm: "SAC",
  description: "written by lowerbound",
});
const many = Array.from({ length: 1500 }, (_, i) => episode(1 + (i % 3), i % 2 === 0, i % 2 === 1));
await writeMinari(join(folder, "minari", "many-v0"), many, { datasetId: "many-v0", environment });
