import type { TrainContext } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { trainCloning } from "../src/cloning/train.js";
import { cloningOptions, createSac, sacOptions, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

afterAll(() => engine.dispose());

const cloning = cloningOptions.parse({ hiddenSizes: [4], updates: 1 });
const sac = (maximumAction: number) => createSac(sacOptions.parse({ hiddenSizes: [4], maximumAction }));

/** What the user is told by a training on the line world, a quarter of whose actions are set to `action`. */
async function notesOf(
  action: number,
  train: (context: TrainContext) => Promise<unknown>,
  bounds?: { readonly low: number; readonly high: number },
): Promise<string[]> {
  const notes: string[] = [];
  const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
  const rows = lineWorld(400, 1);
  const actions = rows.actions.map((each, row) => (row % 4 === 0 ? action : each));
  const dataset = inMemoryDataset({ ...rows, actions });
  const info = async () => ({ ...(await dataset.info()), ...(bounds === undefined ? {} : { actionBounds: [bounds] }) });
  await train({ ...contextOf(run), dataset: { ...dataset, info } });
  return notes;
}

describe("logged actions outside of the policy's box", () => {
  const dyna = (maximumAction: number) => (context: TrainContext) =>
    trainDyna(context, { ...parts, optimiser: sac(maximumAction) }, { ...options, updates: 1 });

  it("are noted with their share, the largest and the option, on rollouts and on stored transitions", async () => {
    const told = expect.stringMatching(/^25 % .* \[-1, 1\], .* largest is 1\.800; set maximumAction/);
    expect(await notesOf(-1.8, dyna(1))).toEqual([told]);
    expect(await notesOf(1.8, (context) => trainCloning(context, cloning))).toEqual([told]);
  });

  it("are none at its edge, or in a wider one", async () => {
    expect(await notesOf(1, dyna(1))).toEqual([]);
    expect(await notesOf(1.8, dyna(2))).toEqual([]);
    expect(await notesOf(2, (context) => trainCloning(context, { ...cloning, maximumAction: 2 }))).toEqual([]);
  });

  it("are told beforehand where the box is wider than the log's bounds, not where it is as wide or less", async () => {
    const unit = { low: -1, high: 1 };
    const told = expect.stringMatching(/lie in \[-2, 2\], those of the log in \[-1, 1\] .*Set maximumAction/);
    expect(await notesOf(1, dyna(2), unit)).toEqual([told]);
    expect(await notesOf(1, (context) => trainCloning(context, { ...cloning, maximumAction: 2 }), unit)).toEqual([
      told,
    ]);
    expect(await notesOf(1, dyna(1), unit)).toEqual([]);
    expect(await notesOf(1, dyna(1), { low: -2, high: 2 })).toEqual([]);
  });
});
