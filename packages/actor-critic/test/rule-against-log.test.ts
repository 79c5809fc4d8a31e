import { inMemoryDataset } from "@lowerbound/datasets";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { type DynaParts, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

afterAll(() => engine.dispose());

/** What the user is told by a training on the line world under a rule. */
async function notesOf(termination: DynaParts["termination"], dataset = inMemoryDataset(lineWorld(400, 1))) {
  const notes: string[] = [];
  const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
  await trainDyna({ ...contextOf(run), dataset }, { ...parts, termination }, { ...options, updates: 1 });
  return notes;
}

const beyond = (bound: number): DynaParts["termination"] => ({
  terminated: ({ nextObservation }) => tf.any(tf.greater(tf.abs(nextObservation), bound), 1),
});

describe("a termination rule", () => {
  it("that ends what the log goes on from is noted, with the share and the option", async () => {
    expect(await notesOf(beyond(0.01))).toEqual([
      expect.stringMatching(/^the termination rule ends episodes at \d+ % of the logged steps.*termination\.type/),
    ]);
  });

  it("that always ends is said to by a share of 100 %", async () => {
    expect(await notesOf(beyond(-1))).toEqual([expect.stringMatching(/ at (9\d|100) % of/)]);
  });

  it("that ends what the log ends is not", async () => {
    const rows = lineWorld(400, 1);
    expect(
      await notesOf(beyond(0.01), inMemoryDataset({ ...rows, terminations: rows.terminations.map(() => 1) })),
    ).toEqual([]);
    expect(await notesOf(parts.termination)).toEqual([]);
  });
});
