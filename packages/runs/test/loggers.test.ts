import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, defineComponent, Logger, type LogRow } from "@lowerbound/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { combined, csv, jsonl, none, standard, tensorboard } from "../src/index.js";
import { formatCsv, parseCsv } from "../src/loggers/csv-text.js";
import { row, temporaryFolder } from "./helpers.js";

const nowhere = new Map<string, number>();
const open = (
  type: "jsonl" | "csv" | "standard" | "none",
  folder: string,
  resume: ReadonlyMap<string, number> = nowhere,
) => createPipeline([jsonl, csv, standard, tensorboard, none], { logger: { type } }).get(Logger).open(folder, resume);

async function write(
  type: "jsonl" | "csv" | "standard" | "none",
  folder: string,
  rows: readonly LogRow[],
  resume = nowhere,
) {
  const sink = await open(type, folder, resume);
  for (const each of rows) sink.write(each);
  await sink.flush();
  await sink.close();
}

describe("metrics.jsonl", () => {
  test("holds a flat object a row", async () => {
    const folder = await temporaryFolder();
    await write("jsonl", folder, [row("train", 1, { loss: 0.5, "critic/a": Number.NaN })]);
    expect(await readFile(join(folder, "metrics.jsonl"), "utf8")).toBe(
      '{"phase":"train","step":1,"time":1001,"loss":0.5,"critic/a":null}\n',
    );
  });

  test("on resuming loses each phase's rows after its checkpoint, and a torn one", async () => {
    const folder = await temporaryFolder();
    const rows = [
      row("dynamics", 1, { a: 1 }),
      row("train", 1, { b: 1 }),
      row("train", 2, { b: 2 }),
      row("penalty", 1, { c: 1 }),
    ];
    await write("jsonl", folder, rows);
    await appendFile(join(folder, "metrics.jsonl"), '{"phase":"train","step":1,"ti');
    await write(
      "jsonl",
      folder,
      [row("train", 2, { b: 9 })],
      new Map([
        ["dynamics", Number.MAX_SAFE_INTEGER],
        ["train", 1],
      ]),
    );
    const lines = (await readFile(join(folder, "metrics.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { phase: "dynamics", step: 1, time: 1001, a: 1 },
      { phase: "train", step: 1, time: 1001, b: 1 },
      { phase: "train", step: 2, time: 1002, b: 9 },
    ]);
  });

  test.each(["step", "", "a\nb"])("a figure called %j is refused", async (name) => {
    await expect(write("jsonl", await temporaryFolder(), [row("train", 1, { [name]: 1 })])).rejects.toThrow(
      /cannot be called/,
    );
  });
});

describe("metrics.csv", () => {
  test("grows a column when a figure is seen first", async () => {
    const folder = await temporaryFolder();
    await write("csv", folder, [
      row("train", 1, { a: 1 }),
      row("train", 2, { b: 2, "c,d": 3 }),
      row("train", 3, { a: 4 }),
    ]);
    expect(await readFile(join(folder, "metrics.csv"), "utf8")).toBe(
      'phase,step,time,a,b,"c,d"\ntrain,1,1001,1,,\ntrain,2,1002,,2,3\ntrain,3,1003,4,,\n',
    );
  });

  test("equals that of an undisturbed run after resuming", async () => {
    const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
    const rows = [
      row("fit", 5, { x: 1 }),
      row("train", 1, { a: 1 }),
      row("train", 2, { a: 2, b: 2 }),
      row("train", 3, { c: 3 }),
    ];
    await write("csv", other, rows);
    await write("csv", folder, rows.slice(0, 3));
    await appendFile(join(folder, "metrics.csv"), "train,1,10");
    await write(
      "csv",
      folder,
      rows.slice(2),
      new Map([
        ["fit", 5],
        ["train", 1],
      ]),
    );
    expect(await readFile(join(folder, "metrics.csv"), "utf8")).toBe(
      await readFile(join(other, "metrics.csv"), "utf8"),
    );
  });

  test("fields with commas and quotes come back", () => {
    const field = fc.string().filter((text) => !/[\n\r]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(parseCsv(formatCsv(fields))).toEqual(fields);
      }),
    );
  });
});

describe("rows that a phase logs at its checkpoint's step after it saved", () => {
  const resume = new Map([["fit", 2]]);
  const rows = [row("fit", 1, { a: 1 }), row("fit", 2, { a: 2 }), row("fit", 2, { b: 2 }), row("fit", 3, { a: 3 })];

  test.each(["jsonl", "csv"] as const)("are in %s once, wherever the run was killed", async (type) => {
    const texts = new Set<string>();
    for (let survived = 1; survived <= rows.length; survived++) {
      const folder = await temporaryFolder();
      await write(type, folder, rows.slice(0, survived));
      await write(type, folder, rows.slice(1), resume);
      texts.add(await readFile(join(folder, `metrics.${type}`), "utf8"));
    }
    expect(texts.size).toBe(1);
    expect([...texts][0]?.match(/fit/g)).toHaveLength(4);
  });
});

test.each(["jsonl", "csv"] as const)(
  "a row of other figures at the checkpoint's step is written to %s: an evaluation that was stopped is logged when the run goes on",
  async (type) => {
    const folder = await temporaryFolder();
    const resume = new Map([["train", 2]]);
    await write(type, folder, [row("train", 2, { loss: Number.NaN, q: 1 })]);
    await write(type, folder, [row("train", 2, { return: 5 }), row("train", 2, { q: 1, loss: Number.NaN })], resume);
    const text = await readFile(join(folder, `metrics.${type}`), "utf8");
    expect(text.match(/train/g)).toHaveLength(2);
    expect(text).toMatch(/return/);
  },
);

describe("loggers together", () => {
  test("standard writes all three, none nothing", async () => {
    const folder = await temporaryFolder();
    await write("standard", folder, [row("train", 1, { a: 1 })]);
    expect((await readdir(folder)).sort()).toEqual(["metrics.csv", "metrics.jsonl", "tensorboard"]);
    const empty = await temporaryFolder();
    await write("none", empty, [row("train", 1, { a: 1 })]);
    expect(await readdir(empty)).toEqual([]);
  });

  test("a user's own logger runs beside the standard one", async () => {
    const folder = await temporaryFolder();
    const seen: LogRow[] = [];
    const own = defineComponent({
      kind: Logger,
      type: "own",
      summary: "keeps rows in memory",
      config: z.object({}),
      create: () => ({
        open: async () => ({
          write: (each: LogRow) => void seen.push(each),
          flush: async () => {},
          close: async () => {},
        }),
      }),
    });
    const logger = createPipeline([jsonl, combined, own], {
      logger: { type: "combined", loggers: [{ type: "jsonl" }, { type: "own" }] },
    }).get(Logger);
    const sink = await logger.open(folder, nowhere);
    sink.write(row("train", 1, { a: 1 }));
    await sink.close();
    expect(seen).toEqual([row("train", 1, { a: 1 })]);
    expect(await readdir(folder)).toEqual(["metrics.jsonl"]);
  });

  test("a figure that cannot be written names the file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "tensorboard"), "");
    await expect(open("standard", folder)).rejects.toThrow(
      /tensorboard: cannot write: a file stands where a folder is needed/,
    );
  });
});
