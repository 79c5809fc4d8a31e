import { inMemoryDataset, toTransitions } from "@lowerbound/datasets";
import { lineWorld } from "@lowerbound/testing";
import { describe, expect, it } from "vitest";
import { wholeEpisodes } from "../src/index.js";

const transitions = await toTransitions(inMemoryDataset(lineWorld(20, 2)), "with-next-keep-ends");

describe("whole episodes", () => {
  const episodeStarts = Int32Array.of(0, 3, 8, 10, 14);
  const drawn = (most: number, seed: number) => [...wholeEpisodes({ ...transitions, episodeStarts }, most, seed)];

  it("are drawn by the seed until the next does not fit, their rows in order, one at least", () => {
    const found = Array.from({ length: 20 }, (_, seed) => drawn(8, seed));
    for (const rows of found) {
      const episodes = [0, 1, 2, 3].filter((episode) => rows.includes(episodeStarts[episode]!));
      const range = (episode: number) =>
        Array.from(
          { length: episodeStarts[episode + 1]! - episodeStarts[episode]! },
          (_, step) => episodeStarts[episode]! + step,
        );
      expect(rows).toEqual(episodes.flatMap(range));
      expect(rows.length).toBeLessThanOrEqual(8);
    }
    expect(new Set(found.map(String)).size).toBeGreaterThan(3);
    expect(drawn(8, 1)).toEqual(found[1]);
    expect(drawn(1, 0).length).toBeGreaterThan(1);
    expect(drawn(14, 0)).toEqual(Array.from({ length: 14 }, (_, row) => row));
  });
});
