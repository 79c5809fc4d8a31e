// memory-data.ts FILE: a million transitions of noise in the shape of HalfCheetah's, in D4RL's layout.
import { type Episode, Random } from "@lowerbound/core";
import { writeD4rl } from "@lowerbound/datasets";

const [, , file = ""] = process.argv;
const sizes = { observation: 17, action: 6, length: 1000 };
const episodes = 1000;

function episode(random: Random): Episode {
  const { observation, action, length } = sizes;
  return {
    ...sizes,
    observations: random.normal(new Float32Array((length + 1) * observation)),
    actions: random.uniform(new Float32Array(length * action)).map((value) => 2 * value - 1),
    rewards: random.normal(new Float32Array(length)),
    terminated: false,
    truncated: true,
    finalObservationKnown: true,
  };
}

const random = Random.fromSeed(0);
const all = Array.from({ length: episodes }, () => episode(random));
await writeD4rl(file, all, { environmentId: "HalfCheetah-v5" });
