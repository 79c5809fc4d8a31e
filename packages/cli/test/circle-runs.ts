import { type Episode, Random } from "@lowerbound/core";

/** A point on a circle that is pushed about, in the shape of the pendulum's observations. */
export function circleEpisode(seed: number): Episode {
  const length = 50;
  const noise = Random.fromSeed(seed).normal(new Float32Array(length + 1));
  const actions = noise.slice(1).map((value) => Math.max(-1, Math.min(1, 0.4 * value)));
  const observations = new Float32Array(3 * (length + 1));
  const rewards = new Float32Array(length);
  let [angle, speed] = [noise[0]!, 0];
  for (let t = 0; t <= length; t++) {
    observations.set([Math.cos(angle), Math.sin(angle), speed], 3 * t);
    if (t === length) break;
    speed = 0.9 * speed + 0.3 * actions[t]!;
    angle += 0.1 * speed;
    rewards[t] = Math.cos(angle);
  }
  const sizes = { observation: 3, action: 1, length };
  return { ...sizes, observations, actions, rewards, terminated: false, truncated: true, finalObservationKnown: true };
}

/** Flags of any training on the circle's log. */
export const common = (data: string, directory: string) => [
  "train",
  `--directory=${directory}`,
  "--dataset=d4rl-hdf5",
  `--dataset.path=${data}`,
  "--evaluation=simulator",
  "--evaluation.environment=pendulum",
  "--evaluation.episodes=1",
  "--evaluation.every=20",
  "--engine=onnx",
  "--engine.threads=1",
  "--quiet",
];
/** Flags of a small MOPO run on it. */
export const mopo = (data: string, directory: string, penalty: number) => [
  ...common(data, directory),
  "--dynamics=ensemble",
  "--dynamics.members=3",
  "--dynamics.elites=2",
  "--dynamics.hiddenSizes=16,16",
  "--dynamics.weightDecays=0,0,0",
  "--dynamics.maximumEpochs=5",
  "--penalty=max-aleatoric",
  "--termination=never",
  "--optimiser=sac",
  "--optimiser.hiddenSizes=16,16",
  "--algorithm=mopo",
  `--algorithm.penaltyCoefficient=${penalty}`,
  "--algorithm.updates=40",
  "--algorithm.batchSize=32",
  "--algorithm.rolloutLength=2",
  "--algorithm.rolloutBatch=64",
  "--algorithm.rolloutFrequency=20",
  "--algorithm.checkpointEvery=20",
  "--algorithm.modelReturnHorizon=5",
  "--algorithm.modelReturnStarts=2",
];
