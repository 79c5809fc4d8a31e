import {
  Algorithm,
  ConfigError,
  createRegistry,
  defineComponent,
  Engine,
  type Policy,
  slot,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { assembleConfig } from "../src/config/assemble.js";

const never = () => Promise.reject<Policy>(new Error("not made"));
const components = [
  defineComponent({
    kind: Algorithm,
    type: "all",
    summary: "an option of every sort",
    config: z.object({
      rate: z.number(),
      layers: z.array(z.int()).default([1]),
      on: z.boolean(),
      mode: z.enum(["a", "1"]),
      name: z.string(),
      version: z.literal([1, 2]),
      entropy: z.union([z.literal("auto"), z.number()]),
      vector: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).default("x"),
      limit: z.number().nullable(),
      columns: z.record(z.string(), z.string()),
      inner: z.object({ deep: z.number(), flag: z.boolean().optional() }),
      penalty: slot(UncertaintyPenalty).optional(),
      penalties: z.array(slot(UncertaintyPenalty)),
      engine: slot(Engine).optional(),
    }),
    create: () => ({ train: async () => ({ tensors: {}, facts: {} }), policy: never }),
  }),
  ...["constant", "other"].map((type) =>
    defineComponent({
      kind: UncertaintyPenalty,
      type,
      summary: "a number",
      config: z.object({ value: z.number() }),
      create: () => ({ penalise: ({ action }) => action }),
    }),
  ),
  defineComponent({
    kind: Engine,
    type: "auto",
    summary: "chooses",
    config: z.object({ threads: z.int().optional() }),
    create: () => ({
      name: "auto",
      describe: () => ({}),
      compile: () => Promise.reject(new Error()),
      dispose: async () => {},
    }),
  }),
];
const registry = createRegistry(components);
const assemble = (flags: readonly string[], file = {}) =>
  assembleConfig(registry, { file, flags, plainFlags: ["directory", "seed"] });
const algorithm = (...flags: readonly string[]) => assemble(["--algorithm=all", ...flags]).algorithm;

describe("flags", () => {
  test.each<[string, readonly string[], object]>([
    ["a number", ["--algorithm.rate=3e-4"], { rate: 3e-4 }],
    ["a negative number after a space", ["--algorithm.rate", "-1.5"], { rate: -1.5 }],
    ["a list with commas", ["--algorithm.layers=200,200"], { layers: [200, 200] }],
    ["a list in brackets", ["--algorithm.layers", "[200, 100]"], { layers: [200, 100] }],
    ["a list by index", ["--algorithm.layers.0=5", "--algorithm.layers.1=6"], { layers: [5, 6] }],
    ["a boolean", ["--algorithm.on=false"], { on: false }],
    ["a boolean without a value", ["--algorithm.on", "--algorithm.rate=1"], { on: true, rate: 1 }],
    ["an enum that looks like a number", ["--algorithm.mode=1"], { mode: "1" }],
    ["a string that looks like a number", ["--algorithm.name=007"], { name: "007" }],
    ["a value with equals signs", ["--algorithm.name=a=b"], { name: "a=b" }],
    ["a literal number", ["--algorithm.version=2"], { version: 2 }],
    ["a union's word", ["--algorithm.entropy=auto"], { entropy: "auto" }],
    ["a union's number", ["--algorithm.entropy=-3"], { entropy: -3 }],
    ["a union's string", ["--algorithm.vector=temp"], { vector: "temp" }],
    ["a union's list with commas", ["--algorithm.vector=temp,flow"], { vector: ["temp", "flow"] }],
    ["a union's list in brackets", ["--algorithm.vector=[temp]"], { vector: ["temp"] }],
    ["a union's list by index", ["--algorithm.vector.0=a", "--algorithm.vector.1=b"], { vector: ["a", "b"] }],
    ["what fits no option of a union", ["--algorithm.entropy=high"], { entropy: "high" }],
    ["null", ["--algorithm.limit=null"], { limit: null }],
    ["a number that may be null", ["--algorithm.limit=4"], { limit: 4 }],
    ["an object in YAML", ["--algorithm.columns={reward: r}"], { columns: { reward: "r" } }],
    ["fields of an object", ["--algorithm.inner.deep=2", "--algorithm.inner.flag"], { inner: { deep: 2, flag: true } }],
    ["a nested component", ["--algorithm.penalty=constant"], { penalty: { type: "constant" } }],
    [
      "a nested component with options",
      ["--algorithm.penalty=constant", "--algorithm.penalty.value=2"],
      { penalty: { type: "constant", value: 2 } },
    ],
    [
      "a list of components",
      ["--algorithm.penalties.0=constant", "--algorithm.penalties.1.type=other", "--algorithm.penalties.1.value=7"],
      { penalties: [{ type: "constant" }, { type: "other", value: 7 }] },
    ],
    ["a number that is none, for the schema to refuse", ["--algorithm.rate=fast"], { rate: "fast" }],
    ["an unknown option, for the schema to refuse", ["--algorithm.rat=1"], { rat: "1" }],
  ])("say %s", (_, flags, expected) => {
    expect(algorithm(...flags)).toEqual({ type: "all", ...expected });
  });

  test("lie over the file; another type drops the old type's options", () => {
    const file = {
      seed: 4,
      penalty: { type: "constant", value: 1 },
      algorithm: { type: "all", rate: 1, layers: [1, 2] },
    };
    expect(assemble(["--algorithm.rate=2", "--algorithm.layers.1=9"], file)).toEqual({
      ...file,
      algorithm: { type: "all", rate: 2, layers: [1, 9] },
    });
    expect(assemble(["--penalty=constant", "--seed=5"], file)).toEqual({ ...file, seed: 5 });
    expect(assemble(["--penalty=other"], file)).toEqual({ ...file, penalty: { type: "other" } });
    expect(assemble(["--penalty.value=3"], file)).toEqual({ ...file, penalty: { type: "constant", value: 3 } });
  });

  test("a kind with a default needs no type", () => {
    expect(assemble(["--engine.threads=2"])).toEqual({ engine: { type: "auto", threads: 2 } });
  });

  test("that name the default type keep the options of a file that names none; another type drops them", () => {
    const file = { engine: { threads: 1 }, algorithm: { type: "all", engine: { threads: 1 } } };
    const kept = { engine: { type: "auto", threads: 1 } };
    expect(assemble(["--engine", "auto"], file)).toMatchObject(kept);
    expect(assemble(["--engine.type=auto"], file)).toMatchObject(kept);
    expect(assemble(["--algorithm.engine=auto"], file).algorithm).toMatchObject(kept);
    expect(assemble(["--engine.type=onnx"], file).engine).toEqual({ type: "onnx" });
  });

  test("change an entry of the file's list or add one", () => {
    const file = { algorithm: { type: "all", layers: [1, 2] } };
    const layers = (...flags: string[]) => assemble(flags, file).algorithm;
    expect(layers("--algorithm.layers.0=5")).toMatchObject({ layers: [5, 2] });
    expect(layers("--algorithm.layers.3=6", "--algorithm.layers.2=5")).toMatchObject({ layers: [1, 2, 5, 6] });
  });

  test.each(["x", "4", "-1", "01", ""])("refuse %j for an entry of the file's list", (entry) => {
    const file = { algorithm: { type: "all", layers: [1, 2] } };
    expect(() => assemble([`--algorithm.layers.${entry}=5`], file)).toThrow(ConfigError);
    expect(() => assemble(["--algorithm.layers.x=5"], file)).toThrow(
      /^--algorithm\.layers\.x: "x" is no entry of the list\n {2}expected: .*at most 2.*\n {2}remedy: .*layers=A,B$/,
    );
  });

  test("leave what names no entries of a list for the schema to refuse", () => {
    expect(algorithm("--algorithm.layers.x=5")).toEqual({ type: "all", layers: { x: "5" } });
    expect(algorithm("--algorithm.layers.1=5")).toEqual({ type: "all", layers: { 1: "5" } });
  });

  test.each(["--__proto__=1", "--__proto__.polluted=1", "--algorithm.__proto__.polluted=1"])(
    "refuse %s, and leave every object as it was",
    (flag) => {
      expect(() => assemble([flag])).toThrow(`${flag}: no option is called "__proto__"`);
      expect("polluted" in {} || "type" in {}).toBe(false);
    },
  );

  test.each([
    [["--direktory", "x"], /--direktory: no such flag[\s\S]*did you mean --directory\?/],
    [["--penalti.type=constant"], /did you mean --penalty\?/],
    [["stray"], /"stray" is neither a flag nor the value of one/],
  ])("%j is refused", (flags, message) => {
    expect(() => assemble(flags)).toThrow(message);
  });
});
