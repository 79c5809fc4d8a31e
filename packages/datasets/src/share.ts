import { createHash } from "node:crypto";
import {
  Dataset,
  type DatasetInfo,
  defineComponent,
  type Episode,
  episodesThat,
  once,
  Random,
  selectEpisodes,
  slot,
  type Transitions,
} from "@lowerbound/core";
import { z } from "zod";
import { summariseReturns } from "./returns.js";

const options = z.object({
  of: slot(Dataset).describe("the dataset that the episodes come from"),
  share: z.number().positive().max(1).describe("share of its episodes, at least one"),
  seed: z.number().int().nonnegative().default(0).describe("decides which episodes"),
});

/** A share of another dataset's episodes, for errors and returns by the amount of data. */
export const share = defineComponent({
  kind: Dataset,
  type: "share",
  summary: "a share of another dataset's episodes",
  documentation:
    "Whole episodes drawn at random, in their order. With the same seed a smaller share is a part of a larger one. Only " +
    "episodes with transitions count. Everything is read into memory.",
  config: options,
  create: shareOf,
});

function shareOf({ of, share: wanted, seed }: z.output<typeof options>): Dataset {
  const kept = once(async () => {
    const all = await of.transitions();
    const episodes = all.episodeStarts.length - 1;
    const order = Random.fromSeed(seed).stream("share").permutation(episodes);
    const chosen = new Set(order.subarray(0, Math.max(1, Math.round(wanted * episodes))));
    return { all, keeps: (episode: number) => chosen.has(episode) };
  });
  const transitions = once(async (): Promise<Transitions> => {
    const { all, keeps } = await kept();
    return selectEpisodes(all, keeps);
  });
  async function* episodes(): AsyncGenerator<Episode> {
    const { all, keeps } = await kept();
    yield* episodesThat(of, all, keeps);
  }
  const fingerprintOf = ({ fingerprint }: DatasetInfo): string =>
    createHash("sha256").update(`${fingerprint} share ${wanted} ${seed}`).digest("hex");
  const info = once(async (): Promise<DatasetInfo> => {
    const whole = await of.info();
    return { ...whole, ...(await sizesOf(episodes())), fingerprint: fingerprintOf(whole) };
  });
  return { info, episodes, transitions, close: () => of.close() };
}

async function sizesOf(episodes: AsyncIterable<Episode>): Promise<Pick<DatasetInfo, "episodes" | "steps" | "returns">> {
  const rewards: number[] = [];
  const starts = [0];
  for await (const episode of episodes) {
    for (const reward of episode.rewards) rewards.push(reward);
    starts.push(rewards.length);
  }
  const steps = { rewards: Float64Array.from(rewards), episodeStarts: Int32Array.from(starts) };
  return { episodes: starts.length - 1, steps: rewards.length, returns: summariseReturns(steps) };
}
