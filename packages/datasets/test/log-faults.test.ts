import { readFile } from "node:fs/promises";
import { DataError, FileError } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { diagnose } from "../src/index.js";
import { numberOf } from "../src/logs/columns.js";
import { episodeIds } from "../src/logs/episode-ids.js";
import { type Case, describeFaults, fileOf } from "./faults.js";
import { fixture, logColumns, openJsonl, openParquet, temporaryFolder } from "./helpers.js";

const line = (changes: object) =>
  JSON.stringify({ observation: [1, 2], action: [0], reward: 1, terminated: false, ...changes });
const jsonlOf = async (lines: readonly string[], options: object = {}) =>
  openJsonl(await fileOf("log.jsonl", lines.join("\n")), options);
const cutParquet = async (share: number) => {
  const whole = await readFile(fixture("log-snappy.parquet"));
  return openParquet(await fileOf("cut.parquet", whole.subarray(0, Math.floor(whole.length * share))), logColumns);
};

const cases: readonly Case[] = [
  ["an empty log", () => jsonlOf([]), DataError, /no rows/],
  [
    "a line that is no JSON",
    () => jsonlOf([line({}), '{"observation": [1, '.slice(0, 18)]),
    DataError,
    /line 2: the line is not a JSON object/,
  ],
  ["a line that is no object", () => jsonlOf([line({}), "7"]), DataError, /line 2/],
  [
    "a column that is missing",
    () => jsonlOf([line({})], { reward: "gain" }),
    DataError,
    /log\.jsonl row 0: the column "gain" is missing\n {2}expected: one of observation, action, reward, terminated\n {2}remedy: name the right one: --dataset\.reward COLUMN$/,
  ],
  [
    "a column that is misspelt, in a list",
    () => jsonlOf([line({ temp: 1, flow: 2 })], { observation: ["temp", "flwo"] }),
    DataError,
    /the column "flwo" is missing[\s\S]*remedy: did you mean "flow"\? --dataset\.observation temp,flow$/,
  ],
  [
    "a column that only the first row has",
    () => jsonlOf([line({}), line({ observation: undefined })]),
    DataError,
    /observation row 1: the column is missing\n {2}expected: the column in every row, as in the first\n {2}remedy: repair this row$/,
  ],
  [
    "text for a list of numbers",
    () => jsonlOf([line({ observation: "warm" })]),
    DataError,
    /observation row 0: the value is "warm"\n {2}expected: a number, or a list of numbers\n/,
  ],
  [
    "null for a number",
    () => jsonlOf([line({}), line({ reward: null })]),
    DataError,
    /reward row 1: the value is null/,
  ],
  [
    "text for a number",
    () => jsonlOf([line({}), line({ action: ["left"] })]),
    DataError,
    /action\[0\] row 1: the value is "left"/,
  ],
  [
    "rows of different widths",
    () => jsonlOf([line({}), line({ observation: [1] })]),
    DataError,
    /observation row 1: the row has 1 entries/,
  ],
  ["text for a flag", () => jsonlOf([line({ terminated: "no" })]), DataError, /terminated row 0: the value is "no"/],
  [
    "action outside",
    () => jsonlOf([line({ action: [3] })]),
    DataError,
    /action row 0, column 0: the action 3 is outside/,
  ],
  [
    "an absurd number",
    () => jsonlOf([line({ reward: Infinity }).replace("null", "1e999")]),
    DataError,
    /reward row 0.*Infinity/,
  ],
  [
    "a reward that single precision cannot hold",
    () => jsonlOf([line({}), line({ reward: 1e39 })]),
    DataError,
    /reward row 1, column 0: the value is 1e\+39[\s\S]*at most 3\.4e38/,
  ],
  [
    "NaN as Python writes it",
    () => jsonlOf([line({}), line({ note: "NaN" }).replace("[0]", "[NaN]"), line({})]),
    DataError,
    /action row 1, column 0: the value is NaN[\s\S]*data doctor/,
  ],
  [
    "an infinity as Python writes it",
    () => jsonlOf([line({}), line({ reward: 7 }).replace("7", "-Infinity"), line({})]),
    DataError,
    /reward row 1, column 0: the value is -Infinity/,
  ],
  ["Parquet cut by half", () => cutParquet(0.5), FileError, /not a complete Parquet file/],
  ["Parquet cut to its head", () => cutParquet(0.005), FileError, /not a complete Parquet file/],
  [
    "no Parquet at all",
    async () => openParquet(await fileOf("x.parquet", "text".repeat(100))),
    FileError,
    /not a complete Parquet file/,
  ],
  [
    "a Parquet column that is missing",
    async () => openParquet(fixture("log-snappy.parquet"), { ...logColumns, reward: "gain" }),
    DataError,
    /the column "gain" is missing[\s\S]*one of o, after/,
  ],
  [
    "episodes that are interleaved",
    () =>
      jsonlOf(
        [0, 1, 0, 1].map((ep) => line({ ep })),
        { episode: "ep" },
      ),
    DataError,
    /ep row 2: the episode 0 comes back after another one[\s\S]*remedy: sort the log by episode, then time/,
  ],
  ["a folder as a log", async () => openJsonl(await temporaryFolder()), FileError, /folder/],
];

describeFaults("logs", cases);

describe("a log of which no row becomes a transition", () => {
  it("is refused with a remedy, and the doctor still examines it", async () => {
    const dataset = await jsonlOf(
      [0, 1, 2].map((ep) => line({ ep })),
      { episode: "ep" },
    );
    await expect(dataset.transitions()).rejects.toThrow(
      /none of its 3 rows becomes a transition[\s\S]*3 episodes[\s\S]*remedy/,
    );
    expect((await diagnose(dataset)).lengths).toEqual({ min: 1, median: 1, max: 1 });
  });
});

describe("JSON Lines of other programs", () => {
  it("may begin with a byte order mark, and the doctor counts Python's NaN", async () => {
    const lines = ["\uFEFF", line({ note: 'say "NaN"' }), "\n", line({}).replace("[1,2]", "[NaN,Infinity]")];
    const { columns, steps } = await diagnose(openJsonl(await fileOf("log.jsonl", lines.join(""))));
    expect(steps).toBe(2);
    expect(columns[0]).toMatchObject({ nonFinite: 2, firstNonFiniteRow: 1 });
  });
});

describe("ids of episodes", () => {
  it("are not NaN", () => {
    expect(() => episodeIds("ep", "log.parquet")({ ep: Number.NaN }, 3)).toThrow(
      /log\.parquet ep row 3: the value is NaN/,
    );
  });

  it("that are dates are named as dates where one comes back", () => {
    const isNew = episodeIds("day", "log.parquet");
    const days = ["2026-03-01", "2026-03-01", "2026-03-02"].map((day) => new Date(day));
    expect(days.map((day, row) => isNew({ day }, row))).toEqual([true, false, true]);
    expect(() => isNew({ day: new Date("2026-03-01") }, 3)).toThrow(/the episode 2026-03-01T.* comes back/);
  });
});

it("a date where a number is expected is shown", () => {
  const place = { path: "log.parquet", row: 2 };
  expect(() => numberOf(new Date("2026-03-01"), "reward", place)).toThrow(/the value is "2026-03-01T/);
});
