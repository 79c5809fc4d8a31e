import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { diagnose } from "../src/index.js";
import { fixture, logColumns, openJsonl, openParquet, temporaryFolder } from "./helpers.js";

describe("reference returns", () => {
  it("of a user's log are its environment's, whatever the file is called", async () => {
    const path = join(await temporaryFolder(), "hopper.jsonl");
    const row = { observation: [1], action: [0], reward: 1, terminated: true };
    await writeFile(path, JSON.stringify(row));
    expect((await openJsonl(path).info()).reference).toBeUndefined();
    expect((await diagnose(openJsonl(path))).reference).toBeUndefined();
    expect((await openJsonl(path, { environmentId: "Hopper-v5" }).info()).reference).toMatchObject({ expert: 3234.3 });
  });
});

it("gives the bounds of actions that the options say", async () => {
  const path = join(await temporaryFolder(), "valve.jsonl");
  await writeFile(path, JSON.stringify({ observation: [1], action: [0.5, 3], reward: 1, terminated: true }));
  const bounds = { low: 0, high: 4 };
  const dataset = openJsonl(path, { actionLow: 0, actionHigh: 4 });
  expect((await dataset.info()).actionBounds).toEqual([bounds, bounds]);
});

describe("columns about the ends of episodes", () => {
  const row = (i: number, more: object = {}) =>
    JSON.stringify({ observation: [i], action: [0], reward: 1, terminated: false, ...more });
  const written = async (lines: readonly string[]) => {
    const path = join(await temporaryFolder(), "log.jsonl");
    await writeFile(path, lines.join("\n"));
    return path;
  };
  const startsOf = async (dataset: Dataset) => [...(await dataset.transitions()).episodeStarts];
  const steps = Array.from({ length: 12 }, (_, i) => i);

  it('reads "truncated" where no other column is named', async () => {
    const path = await written(steps.map((i) => row(i, { truncated: i % 4 === 3 })));
    expect(await startsOf(openJsonl(path))).toEqual([0, 3, 6, 9]);
    const { fingerprint } = await openJsonl(path).info();
    expect((await openJsonl(path, { truncation: "truncated" }).info()).fingerprint).toBe(fingerprint);
    expect((await openJsonl(path, { truncation: "terminated" }).info()).fingerprint).not.toBe(fingerprint);
  });

  it('reads "truncated" where only some rows have it', async () => {
    expect(
      await startsOf(openJsonl(await written(steps.map((i) => row(i, i === 7 ? { truncated: true } : {}))))),
    ).toEqual([0, 7, 10]);
  });

  it('says how to leave a "truncated" unread that is no flag, and does', async () => {
    const path = await written(steps.map((i) => row(i, { truncated: i === 7 ? "no" : false })));
    await expect(openJsonl(path).info()).rejects.toThrow(/truncated row 7: the value is "no"[\s\S]*or to null/);
    expect(await startsOf(openJsonl(path, { truncation: null }))).toEqual(
      await startsOf(openJsonl(await written(steps.map((i) => row(i))))),
    );
  });

  it('leaves "truncated" alone where it is the termination', async () => {
    const path = await written(steps.map((i) => row(i, { truncated: i === 7 })));
    const dataset = openJsonl(path, { termination: "truncated" });
    expect([...(await dataset.transitions()).terminations].indexOf(1)).toBe(7);
    expect((await diagnose(dataset)).ends).toMatchObject({ terminals: 1, timeouts: 0 });
  });

  it("the doctor names those that nothing reads", async () => {
    const path = await written(steps.map((i) => row(i, { truncated: i === 7, done: i === 7, episode_id: i >> 2 })));
    expect((await diagnose(openJsonl(path, { episode: "episode_id" }))).unread).toEqual(["done"]);
    const { unread, findings } = await diagnose(openJsonl(path));
    expect(unread).toEqual(["done", "episode_id"]);
    expect(findings.map(({ severity, text }) => `${severity}: ${text}`)).toContainEqual(
      expect.stringMatching(/^warning: nothing reads the columns done, episode_id: .* name them/),
    );
    const parquet = await diagnose(openParquet(fixture("log-snappy.parquet"), { ...logColumns, termination: "cut" }));
    expect(parquet.unread).toEqual(["done"]);
  });
});
