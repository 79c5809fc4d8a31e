import assert from "node:assert/strict";
import type { Dataset, Episode } from "@lowerbound/core";

/** One property that every implementation has; `run` throws where it does not hold. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What every dataset must do. `open` gives a fresh dataset of the same content each time. */
export function datasetConformance(open: () => Promise<Dataset>): readonly ConformanceCase[] {
  const on = (name: string, check: (dataset: Dataset) => Promise<void>): ConformanceCase => ({
    name,
    run: async () => {
      const dataset = await open();
      try {
        await check(dataset);
      } finally {
        await dataset.close();
      }
    },
  });
  return [
    on("info agrees with the episodes", infoAgrees),
    on("episodes have the shapes they state, and an end", episodesAreWhole),
    on("transitions have the shapes they state", transitionsAreWhole),
    on("no next observation crosses an episode", nothingCrosses),
    on("only true terminal states are terminations", terminationsAreTrue),
    on("episodes can be left early and read again", readsAgain),
    on("transitions are read once and kept", async (dataset) => {
      assert.equal(await dataset.transitions(), await dataset.transitions());
    }),
    { name: "the fingerprint tells the content, not the instance", run: () => sameFingerprint(open) },
  ];
}

async function collect(dataset: Dataset): Promise<Episode[]> {
  const all: Episode[] = [];
  for await (const episode of dataset.episodes()) all.push(episode);
  return all;
}

async function infoAgrees(dataset: Dataset): Promise<void> {
  const info = await dataset.info();
  const episodes = await collect(dataset);
  const returns = episodes.map(({ rewards }) => rewards.reduce((sum, reward) => sum + reward, 0));
  assert.equal(info.episodes, episodes.length);
  assert.equal(
    info.steps,
    episodes.reduce((sum, { length }) => sum + length, 0),
  );
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  assert.ok(
    Math.abs(info.returns.mean - mean) <= 1e-4 * (1 + Math.abs(mean)),
    `mean ${info.returns.mean}, not ${mean}`,
  );
  assert.ok(info.returns.min <= info.returns.mean && info.returns.mean <= info.returns.max);
  assert.match(info.fingerprint, /^[0-9a-f]{64}$/);
}

async function episodesAreWhole(dataset: Dataset): Promise<void> {
  const { observation, action } = await dataset.info();
  for (const episode of await collect(dataset)) {
    assert.deepEqual([episode.observation, episode.action], [observation, action]);
    assert.ok(episode.length > 0);
    assert.equal(episode.observations.length, (episode.length + 1) * observation);
    assert.equal(episode.actions.length, episode.length * action);
    assert.equal(episode.rewards.length, episode.length);
    assert.ok(episode.terminated || episode.truncated, "every episode ends somehow");
  }
}

async function transitionsAreWhole(dataset: Dataset): Promise<void> {
  const { observation, action } = await dataset.info();
  const all = await dataset.transitions();
  assert.deepEqual([all.observation, all.action], [observation, action]);
  assert.equal(all.observations.length, all.count * observation);
  assert.equal(all.nextObservations.length, all.count * observation);
  assert.equal(all.actions.length, all.count * action);
  assert.equal(all.rewards.length, all.count);
  assert.equal(all.terminations.length, all.count);
  const starts = [...all.episodeStarts];
  assert.equal(starts.at(-1), all.count);
  assert.ok(
    starts.every((start, i) => i === 0 || start > starts[i - 1]!),
    "episode starts rise",
  );
}

async function nothingCrosses(dataset: Dataset): Promise<void> {
  const { observation: width, ...all } = await dataset.transitions();
  const episodes = (await collect(dataset)).filter((each) => kept(each) > 0);
  assert.equal(all.episodeStarts.length, episodes.length + 1);
  for (const [index, episode] of episodes.entries()) {
    const start = all.episodeStarts[index]!;
    const count = all.episodeStarts[index + 1]! - start;
    assert.equal(count, kept(episode));
    const next = all.nextObservations.subarray(start * width, (start + count) * width);
    assert.deepEqual(next, episode.observations.subarray(width, (count + 1) * width));
    const now = all.observations.subarray(start * width, (start + count) * width);
    assert.deepEqual(now, episode.observations.subarray(0, count * width));
  }
}

/** Steps whose next observation is known, and the terminal one. */
const kept = ({ length, finalObservationKnown, terminated }: Episode): number =>
  finalObservationKnown || terminated ? length : length - 1;

async function terminationsAreTrue(dataset: Dataset): Promise<void> {
  const all = await dataset.transitions();
  const episodes = (await collect(dataset)).filter((each) => kept(each) > 0);
  const expected = new Uint8Array(all.count);
  for (const [index, episode] of episodes.entries()) {
    if (episode.terminated) expected[all.episodeStarts[index + 1]! - 1] = 1;
  }
  assert.deepEqual(all.terminations, expected);
}

async function readsAgain(dataset: Dataset): Promise<void> {
  let first: Episode | undefined;
  for await (const episode of dataset.episodes()) {
    first = episode;
    break;
  }
  assert.deepEqual((await collect(dataset))[0], first);
}

async function sameFingerprint(open: () => Promise<Dataset>): Promise<void> {
  const [one, other] = [await open(), await open()];
  assert.equal((await one.info()).fingerprint, (await other.info()).fingerprint);
  await Promise.all([one.close(), other.close()]);
}
