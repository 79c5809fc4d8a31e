import { describe, expect, it } from "vitest";
import { diagnose, inMemoryDataset, type LoggedRows, renderReport } from "../src/index.js";
import { d4rlFile, fileOf } from "./faults.js";
import { fixture, fixtureEpisodes, openD4rl, openJsonl, openMinari } from "./helpers.js";

const rows: LoggedRows = {
  name: "Hopper-v5",
  environmentId: "Hopper-v5",
  observation: 2,
  action: 1,
  observations: Float32Array.of(0, 7, 1, 7, 1, 7, 5, 7, 6, 7, 7, 7),
  nextObservations: Float32Array.of(1, 7, 1, 7, 2, 7, 6, 7, 99, 7, 8, 7),
  actions: Float32Array.of(0, 0.5, -2, 1, 3, 0),
  rewards: Float32Array.of(1, 1, 1, 1, Number.NaN, 1),
  terminations: Uint8Array.of(0, 0, 1, 0, 0, 0),
  timeouts: Uint8Array.of(0, 0, 1, 0, 0, 0),
};

describe("diagnose", () => {
  it("counts what is wrong in a hand-made log", async () => {
    const report = await diagnose(inMemoryDataset(rows));
    expect(report).toMatchObject({
      episodes: 2,
      steps: 6,
      lengths: { min: 3, median: 3, max: 3 },
      ends: { terminals: 1, timeouts: 1, both: 1, unmarked: 0, cutByEnd: true },
      actionsOutside: { count: 2, firstRow: 2 },
      succession: { broken: 1, firstBrokenRow: 4, repeated: 1, firstRepeatedRow: 2, nextObservationsStored: true },
      reference: { random: -20.272305, expert: 3234.3 },
    });
    expect(report.columns.map(({ key, nonFinite, constant }) => [key, nonFinite, constant])).toEqual([
      ["observations", 0, [1]],
      ["actions", 0, []],
      ["rewards", 1, [0]],
      ["nextObservations", 0, [1]],
    ]);
    expect(report.findings.map(({ severity }) => severity)).toEqual([
      "error",
      "warning",
      "warning",
      "warning",
      "warning",
      "warning",
      "warning",
      "warning",
      "note",
    ]);
  });

  it("says what each loader would make of D4RL's rows", async () => {
    const { conventions } = await diagnose(openD4rl(fixture("d4rl.hdf5")));
    const facts = conventions.map(({ convention, transitions, terminals, dropped, crossing }) => [
      convention,
      transitions,
      terminals,
      dropped,
      crossing,
    ]);
    expect(facts).toEqual([
      ["true-next", 15, 2, 0, 0],
      ["with-next", 12, 1, 3, 0],
      ["without-next", 11, 0, 4, 0],
      ["with-next-keep-ends", 14, 2, 1, 0],
      ["d4rl", 12, 1, 3, 1],
    ]);
    const without = await diagnose(openD4rl(fixture("d4rl-float64-no-next.hdf5")));
    expect(
      without.conventions.map(({ convention, transitions, unusable }) => [
        convention,
        transitions,
        unusable !== undefined,
      ]),
    ).toEqual([
      ["true-next", 13, false],
      ["with-next", 0, true],
      ["without-next", 11, false],
      ["with-next-keep-ends", 0, true],
      ["d4rl", 12, false],
    ]);
  });

  it("works on a dataset that has episodes only", async () => {
    const info = await openMinari(fixture("minari/tiny-v0")).info();
    const report = await diagnose({
      info: async () => info,
      episodes: async function* () {
        yield* fixtureEpisodes;
      },
      transitions: () => Promise.reject(new Error("not needed")),
      close: async () => undefined,
    });
    expect(report).toMatchObject({ steps: 15, episodes: 4, ends: { terminals: 2, timeouts: 3, both: 1 } });
  });

  it("says where values are lost in single precision", async () => {
    const doubles = async (values: readonly number[], rewards: readonly number[]) =>
      openD4rl(
        await d4rlFile({
          observations: ["float64", [6, 1], Float64Array.from(values)],
          next_observations: undefined,
          rewards: ["float64", [6], Float64Array.from(rewards)],
        }),
      );
    const seconds = await doubles(
      [0, 1, 2, 3, 4, 5].map((i) => 1.7e9 + i),
      [0, 0, 0, 1e39, 0, 0],
    );
    const { columns, findings } = await diagnose(seconds);
    expect(columns[0]).toMatchObject({ constant: [], collapsed: [0] });
    expect(columns[2]).toMatchObject({ key: "rewards", nonFinite: 1, firstNonFiniteRow: 3 });
    expect(findings.map(({ text }) => text)).toContainEqual(expect.stringMatching(/entry 0 changes by less.*offset/));
    const [near] = (await diagnose(await doubles([0, 0.1, 0.2, 0.3, 0.4, 0.4 + 1e-12], [0, 0, 0, 0, 0, 0]))).columns;
    expect(near).toMatchObject({ constant: [], collapsed: [] });
  });

  it("says so of a log's numbers too", async () => {
    const lines = [0, 1, 2].map((i) => ({ observation: [1.7e9 + i, i], action: [0], reward: 1, terminated: false }));
    const path = await fileOf("log.jsonl", lines.map((each) => JSON.stringify(each)).join("\n"));
    expect((await diagnose(openJsonl(path))).columns[0]).toMatchObject({ collapsed: [0] });
  });

  it("says of actions outside what training says; where no bounds are known they are no error", async () => {
    const line = (x: number, end: boolean) =>
      JSON.stringify({ observation: [x], action: [x], reward: 1, terminated: end });
    const path = await fileOf("log.jsonl", [line(3, false), line(0, true), line(0.5, true)].join("\n"));
    const dataset = openJsonl(path);
    const { findings } = await diagnose(dataset);
    const { remedy } = await dataset.transitions().catch((error) => error);
    expect(findings[0]).toEqual({
      severity: "error",
      text: "outside the bounds of actions: 1 action entry, the first in row 0",
      remedy,
    });
    expect((await diagnose(inMemoryDataset(rows))).findings).toContainEqual({
      severity: "warning",
      text: "outside [-1, 1], and no bounds are known: 2 action entries, the first in row 2",
    });
  });

  it("warns of a single episode, of which nothing can be held out", async () => {
    const line = (end: boolean) => JSON.stringify({ observation: [1], action: [0], reward: 1, terminated: end });
    const reportOf = async (...ends: readonly boolean[]) =>
      renderReport(await diagnose(openJsonl(await fileOf("log.jsonl", ends.map(line).join("\n")))));
    const alone = await reportOf(true);
    expect(alone).toContain("  1 episode, 1 step; ");
    expect(alone).toMatch(/warning: there is one episode: none can be held out.*\n {4}remedy: .*--dataset\.episode/);
    expect(await reportOf(true, true)).not.toContain("held out");
  });

  it("is written for people, worst first", async () => {
    const text = renderReport(await diagnose(inMemoryDataset(rows)));
    expect(text).toContain("2 episodes, 6 steps; observation 2, action 1");
    expect(text).toMatch(
      /error: rewards: NaN or infinite in single precision: 1 value, the first in row 4\n {4}remedy: repair or drop such rows\n/,
    );
    expect(text).toContain("  returns: none, not every reward is a finite number\n");
    expect(text).toMatch(/d4rl +4 +0 +2 +0\n/);
    expect(text.indexOf("error:")).toBeLessThan(text.indexOf("warning:"));
    expect(renderReport(await diagnose(openMinari(fixture("minari/tiny-v0"))))).toContain("no normalised score");
  });
});

it("the doctor warns of a file without time-outs, unless the time limit is said", async () => {
  const warned = async (options: object) =>
    renderReport(await diagnose(openD4rl(fixture("d4rl-no-timeouts.hdf5"), options)));
  expect(await warned({})).toMatch(/warning: the file has no timeouts.*\n {4}remedy: .*--dataset\.timeLimit/);
  expect(await warned({ timeLimit: 4 })).not.toContain("no timeouts");
});
