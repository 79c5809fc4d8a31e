// Small logs for the examples: enough to train on for a moment, with the shapes of the real ones.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Episode, Random } from "@lowerbound/core";
import { writeD4rl } from "@lowerbound/datasets";

/** log.jsonl: days of a heating. */
export function writeHeatingLog(folder: string): void {
  const lines = heatingDays().map(({ day, ...row }) => JSON.stringify({ day: `day ${day}`, ...row }));
  writeFileSync(join(folder, "log.jsonl"), `${lines.join("\n")}\n`);
}

/** log.csv: the same, a column a number. */
export function writeHeatingCsv(folder: string): void {
  const lines = heatingDays().map(({ observation, action, reward, truncated }) =>
    [...observation, ...action, reward, truncated ? 1 : 0].join(","),
  );
  writeFileSync(join(folder, "log.csv"), `room,outside,valve,comfort,last\n${lines.join("\n")}\n`);
}

/** Steps of twenty days, whose controller is proportional, with noise. */
function heatingDays() {
  const noise = Random.fromSeed(1).normal(new Float32Array(2 * 20 * 30));
  const rows = [];
  for (let day = 0, at = 0; day < 20; day++) {
    let temperature = 2 * noise[at++]!;
    for (let step = 0; step < 30; step++, at++) {
      const action = Math.max(-1, Math.min(1, -temperature / 2 + 0.3 * (noise[at] ?? 0)));
      const observation = [temperature, day / 20];
      const flags = { terminated: false, truncated: step === 29 };
      rows.push({ day, observation, action: [action], reward: -(temperature ** 2), ...flags });
      temperature += 0.5 * action - 0.1 * temperature;
    }
  }
  return rows;
}

const hopper = { observation: 11, action: 3, length: 100 };

/** hopper-medium-replay.hdf5: noise in the shape of Hopper's data. */
export async function writeHopperLike(folder: string): Promise<void> {
  const episodes = Array.from({ length: 10 }, (_, seed) => noisyEpisode(Random.fromSeed(seed)));
  await writeD4rl(join(folder, "hopper-medium-replay.hdf5"), episodes, { environmentId: "Hopper-v5" });
}

function noisyEpisode(random: Random): Episode {
  const { observation, action, length } = hopper;
  const observations = random.normal(new Float32Array((length + 1) * observation)).map((value) => 0.1 * value);
  // Upright and at standing height, as far as the termination rule looks.
  for (let step = 0; step <= length; step++) observations[step * observation]! += 1.2;
  return {
    ...hopper,
    observations,
    actions: random.uniform(new Float32Array(length * action)).map((value) => 2 * value - 1),
    rewards: random.uniform(new Float32Array(length)),
    terminated: false,
    truncated: true,
    finalObservationKnown: true,
  };
}
