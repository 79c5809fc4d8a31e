import { Random } from "@lowerbound/core";

/** Seeds of one episode: of its start, and of a stochastic policy in it. */
export interface EpisodeSeeds {
  readonly environment: number;
  readonly policy: number;
}

/** Seeds of the episode of that number; they depend on nothing else, so episodes can run in any order. */
export function episodeSeeds(seed: number, episode: number): EpisodeSeeds {
  const drawn = Random.fromSeed(seed)
    .stream(`episode/${episode}`)
    .integers(new Int32Array(2), 2 ** 31);
  return { environment: drawn[0]!, policy: drawn[1]! };
}
