import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, temporaryFolder, tinyPlugin, tinyRun } from "./helpers.js";

describe("lowerbound", () => {
  test("--help lists the commands, --version prints a version", async () => {
    const help = await cli("--help");
    expect(help.code).toBe(0);
    for (const command of ["train", "evaluate", "components"])
      expect(help.out).toMatch(new RegExp(`^  ${command}`, "m"));
    expect(await cli("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  test("an unknown command is refused with the nearest one", async () => {
    expect(await cli("trian")).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Did you mean train?") });
  });

  test("train --help lists kinds, and the flags of what other flags choose", async () => {
    const { code, out } = await cli("train", `--plugin=${tinyPlugin}`, "--algorithm", "tiny", "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/--logger +standard \(default\), jsonl/);
    const kinds = /\nkind .*\n([\s\S]*?)\n\n/.exec(out)?.[1]?.split("\n") ?? [];
    expect(kinds.length).toBeGreaterThan(10);
    expect(Math.max(...kinds.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out).toMatch(/--algorithm\.updates +integer > 0 +20 +how far to count/);
  });
});

describe("train and evaluate", () => {
  test("from flags: a run, its result, its policy measured again", async () => {
    const directory = join(await temporaryFolder(), "run");
    const trained = await cli(...tinyRun(directory), "--algorithm.updates=7", "--evaluation=tiny", "--seed", "3");
    expect(trained).toMatchObject({ code: 0, err: "" });
    expect(trained.out).toMatch(/data: tiny, return 1\.0 \+- 0\.5 over 3 episodes\npolicy: return 7\.0/);
    expect(JSON.parse(await readFile(join(directory, "config.json"), "utf8"))).toMatchObject({
      seed: 3,
      algorithm: { type: "tiny", updates: 7, fails: "no" },
    });
    expect((await cli("evaluate", directory, "--episodes=5")).out).toBe(
      "return 7.0 +- 0.0 over 5 episodes of Tiny-v0\n",
    );
    const json = await cli("evaluate", directory, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ mean: 7, returns: [7, 7] });
  });

  test("from a file under flags; --resume needs the directory alone", async () => {
    const root = await temporaryFolder();
    const [file, directory] = [join(root, "config.yaml"), join(root, "run")];
    await writeFile(
      file,
      "seed: 5\ndataset: { type: tiny }\nengine: { type: tiny }\nalgorithm: { type: tiny, updates: 3 }\n",
    );
    const flags = ["--config", file, "--plugin", tinyPlugin, "--directory", directory, "--quiet"];
    expect(await cli("train", ...flags, "--algorithm.updates=4")).toMatchObject({ code: 0, err: "" });
    const before = await readFile(join(directory, "metrics.jsonl"), "utf8");
    expect(before).toMatch(/^\{"phase":"train","step":4,.*"count":4\}\n$/);
    const again = await cli("train", "--resume", directory, "--quiet");
    expect(again).toMatchObject({ code: 0, err: "", out: expect.stringContaining("updates: 4") });
    const other = await cli("train", ...flags, "--algorithm.updates=9");
    expect(other).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/algorithm\.updates: 4 -> 9[\s\S]*remedy: /),
    });
  });

  test("an exception that is not the library's is called a bug, and --verbose shows where", async () => {
    const directory = join(await temporaryFolder(), "run");
    const short = await cli(...tinyRun(directory), "--algorithm.fails=bug");
    expect(short).toMatchObject({ code: 1, out: "" });
    expect(short.err).toMatch(/^error: TypeError: x is not a function\n {2}remedy: this looks like a bug/);
    expect(short.err).not.toContain("    at ");
    expect((await cli("--verbose", ...tinyRun(directory), "--algorithm.fails=bug")).err).toContain("    at ");
  });
});

describe("plug-ins", () => {
  test("an installed package, and one of its components nested in another", async () => {
    const { out } = await cli("components", "penalty", "tiny-sum", "--plugin", tinyPlugin);
    expect(out).toMatch(/penalties +list of penalty components +required/);
    const root = await temporaryFolder();
    const folder = join(root, "node_modules", "my-penalties");
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "package.json"),
      '{ "name": "my-penalties", "type": "module", "exports": "./index.js" }',
    );
    await writeFile(join(folder, "index.js"), PACKAGE);
    const before = process.cwd();
    process.chdir(root);
    try {
      expect((await cli("components", "penalty", "mine", "--plugin", "my-penalties")).out).toMatch(
        /^penalty mine: my own/,
      );
    } finally {
      process.chdir(before);
    }
  });

  test("named by several paths loads once, by a resumed run and its flags too", async () => {
    const directory = join(await temporaryFolder(), "run");
    const path = relative(process.cwd(), tinyPlugin);
    const plugins = ["--plugin", path, "--plugin", `./${path}`];
    expect(await cli(...tinyRun(directory), ...plugins)).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(await readFile(join(directory, "command.json"), "utf8"))).toEqual({ plugins: [tinyPlugin] });
    const again = await cli("train", "--resume", directory, ...plugins, "--quiet");
    expect(again).toMatchObject({ code: 0, err: "" });
  });

  test("a planner in a file that stands where no package is installed", async () => {
    const path = join(await temporaryFolder(), "hill-climb.ts");
    await copyFile(new URL("../../../examples/third-party/src/hill-climb.ts", import.meta.url), path);
    const { code, out } = await cli("components", "planner", "hill-climb", "--plugin", path);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^planner hill-climb: .*\n[\s\S]* pessimism /),
    });
  });

  test("a reader of logs in a file that stands where no package is installed", async () => {
    const path = join(await temporaryFolder(), "reader.ts");
    await writeFile(path, READER);
    expect(await cli("components", "dataset", "mine", "--plugin", path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^dataset mine: my own/),
    });
  });

  test.each([
    ["./absent.ts", undefined, /no such plug-in/],
    ["./empty.ts", "export const a = 1;", /exports no component[\s\S]*defineComponent/],
    ["./half.ts", BARE, /half\.ts: the export "mine" is no component: see its config[\s\S]*defineComponent/],
    ["./broken.ts", "export const a = ;", /cannot be loaded: [\s\S]*correct the file/],
    ["no-such-package", undefined, /cannot be loaded: [\s\S]*npm install no-such-package/],
  ])("%s is refused", async (name, content, message) => {
    const root = await temporaryFolder();
    const path = name.startsWith(".") ? join(root, name) : name;
    if (content !== undefined) await writeFile(path, content);
    const result = await cli("components", "--plugin", path);
    expect(result).toMatchObject({ code: 1, out: "", err: expect.stringMatching(message) });
    expect(await readdir(root)).toHaveLength(content === undefined ? 0 : 1);
  });
});

const READER = `
import { Dataset, defineComponent } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { z } from "zod";
export default defineComponent({
  kind: Dataset, type: "mine", summary: "my own", config: z.object({}), create: () => inMemoryDataset({} as never),
});
`;

const BARE = `
import { UncertaintyPenalty } from "@lowerbound/core";
export const limit = 3;
export const mine = { kind: UncertaintyPenalty, type: "mine", summary: "my own", config: {}, create: () => ({}) };
`;

const PACKAGE = `
import { defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
export const mine = defineComponent({
  kind: UncertaintyPenalty,
  type: "mine",
  summary: "my own",
  config: z.object({}),
  create: () => ({ penalise: ({ logVar }) => tf.max(logVar, [0, 2]) }),
});
`;
