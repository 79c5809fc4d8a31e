import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, type Fitted, type Json, RunStore } from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import { directory, standard } from "../src/index.js";
import { temporaryFolder, tensorsOf } from "./helpers.js";
import { startFakeRun } from "./programs/start.js";

const store = () => createPipeline([directory, standard], {}).get(RunStore);
const address = "a".repeat(64);

async function openRun(path: string, config: Json = { seed: 0 }) {
  const run = await store().create({ directory: path, quiet: true });
  await run.open(config);
  return run;
}

describe("a run's directory", () => {
  test("keeps the configuration and refuses another, naming what differs", async () => {
    const path = join(await temporaryFolder(), "run");
    const config = { seed: 0, algorithm: { type: "mopo", updates: 100, hidden: [1, 2] } };
    await (await openRun(path, config)).close();
    expect(JSON.parse(await readFile(join(path, "config.json"), "utf8"))).toEqual(config);
    await (await openRun(path, config)).close();
    const other = await store().create({ directory: path, quiet: true });
    const changed = { seed: 1, algorithm: { type: "mopo", updates: 100, hidden: [1, 3], extra: true } };
    await expect(other.open(changed)).rejects.toThrow(
      /another configuration: seed: 0 -> 1; algorithm.hidden: \[1,2\] -> \[1,3\]; algorithm.extra: absent -> true/,
    );
    await other.close();
    expect(await readdir(path)).not.toContain("run.lock");
  });

  test("takes larger values of what may grow, and nothing else", async () => {
    const path = join(await temporaryFolder(), "run");
    const withUpdates = (updates: Json, seed = 0) => ({ seed, algorithm: { type: "mopo", updates } });
    const open = async (config: Json) => {
      const run = await store().create({ directory: path, quiet: true });
      try {
        await run.open(config, { mayGrow: ["algorithm.updates"] });
      } finally {
        await run.close();
      }
    };
    const there = async () => JSON.parse(await readFile(join(path, "config.json"), "utf8"));
    await open(withUpdates(100));
    await open(withUpdates(200));
    expect(await there()).toEqual(withUpdates(200));
    await expect(open(withUpdates(150))).rejects.toThrow(
      /algorithm\.updates: 200 -> 150\n {2}expected: the options that the run was started with, or more of algorithm\.updates/,
    );
    await expect(open(withUpdates(300, 1))).rejects.toThrow("another configuration: seed: 0 -> 1\n");
    await expect(open(withUpdates("more"))).rejects.toThrow('algorithm.updates: 200 -> "more"');
    expect(await there()).toEqual(withUpdates(200));
  });

  test("goes on with another part where that may change, and notes it", async () => {
    const path = join(await temporaryFolder(), "run");
    const open = async (threads: number, seed = 0) => {
      const run = await store().create({ directory: path, quiet: true });
      try {
        await run.open({ seed, engine: { type: "auto", threads } }, { mayChange: ["engine"] });
      } finally {
        await run.close();
      }
    };
    await open(1);
    await open(1);
    expect(await readdir(path)).not.toContain("notes.log");
    await open(2);
    expect(await readFile(join(path, "notes.log"), "utf8")).toMatch(/engine\.threads: 1 -> 2: the same up to rounding/);
    expect(JSON.parse(await readFile(join(path, "config.json"), "utf8"))).toMatchObject({ engine: { threads: 2 } });
    await expect(open(3, 1)).rejects.toThrow("another configuration: seed: 0 -> 1\n");
    expect(JSON.parse(await readFile(join(path, "config.json"), "utf8"))).toMatchObject({ engine: { threads: 2 } });
  });

  test("is written by one process at a time; a lock of a killed one is taken over", async () => {
    const path = join(await temporaryFolder(), "run");
    const run = await openRun(path);
    const second = await store().create({ directory: path, quiet: true });
    await expect(second.open({ seed: 0 })).rejects.toThrow(new RegExp(`process ${process.pid} on .* writes this run`));
    await run.close();
    await startFakeRun(path, 300, () => {}).then(({ errors }) => expect(errors).toMatch(/steps: absent -> "300"/));
    const other = join(path, "..", "other");
    const killed = await startFakeRun(other, 100_000, (child) => child.kill("SIGKILL"));
    expect(killed.signal).toBe("SIGKILL");
    expect(await readdir(other)).toContain("run.lock");
    await (await openRun(other, { steps: "100000" })).close();
    expect(await readdir(other)).not.toContain("run.lock");
  });

  test("a half-written or foreign lock: the first is taken over, one of another host is respected", async () => {
    const path = join(await temporaryFolder(), "run");
    await mkdir(path);
    await writeFile(join(path, "run.lock"), "");
    await (await openRun(path)).close();
    await writeFile(join(path, "run.lock"), JSON.stringify({ host: "elsewhere", pid: 1, started: "", id: "x" }));
    await expect(openRun(path)).rejects.toThrow(/process 1 on elsewhere writes this run[\s\S]*delete .*run\.lock/);
  });

  test("nothing is written before the run is open", async () => {
    const path = join(await temporaryFolder(), "run");
    const run = await store().create({ directory: path, quiet: true });
    expect(await run.phase("train").kept("last")).toBeUndefined();
    expect(() => run.phase("train").log(1, { a: 1 })).toThrow(/the run is not open/);
    await expect(readdir(path)).rejects.toThrow(/ENOENT/);
  });
});

describe("fitted parts", () => {
  const part = (value: number): Fitted => ({ tensors: tensorsOf(value), facts: { loss: value, elites: [1, 2] } });

  test("are computed once and shared by runs beside each other", async () => {
    const root = await temporaryFolder();
    const first = await openRun(join(root, "a"));
    expect(await first.fitted("dynamics", address, async () => part(1))).toEqual(part(1));
    await first.close();
    const second = await openRun(join(root, "b"), { seed: 5 });
    expect(await second.fitted("dynamics", address, () => Promise.reject(new Error("computed again")))).toEqual(
      part(1),
    );
    await second.close();
    expect(await readdir(join(root, "fitted"))).toEqual([`dynamics-${"a".repeat(16)}`]);
  });

  test("are computed again when a file was altered, with a note", async () => {
    const root = await temporaryFolder();
    const run = await openRun(join(root, "a"));
    await run.fitted("dynamics", address, async () => part(1));
    const folder = join(root, "fitted", `dynamics-${"a".repeat(16)}`);
    const file = join(folder, (await readdir(folder)).find((name) => name.endsWith(".safetensors"))!);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    expect(await run.fitted("dynamics", address, async () => part(2))).toEqual(part(2));
    await run.close();
    expect(await readFile(join(root, "a", "notes.log"), "utf8")).toMatch(
      /fitted.json is refused: .*checksum does not match/,
    );
  });

  test("a fit killed just before its end leaves nothing behind once it is used again", async () => {
    const root = await temporaryFolder();
    const run = await openRun(join(root, "a"));
    await run.fitted("dynamics", address, async () => part(1));
    const folder = join(root, "fitted", `dynamics-${"a".repeat(16)}`);
    const before = await readdir(folder);
    await mkdir(join(folder, "checkpoints"));
    await writeFile(join(folder, "checkpoints", "step-000000001.json"), "{}");
    await writeFile(join(folder, "fit.lock.1.tmp"), "");
    await run.fitted("dynamics", address, () => Promise.reject(new Error("computed again")));
    expect(await readdir(folder)).toEqual(before);
    await run.close();
  });

  test("go on from the checkpoint of a fit that failed", async () => {
    const root = await temporaryFolder();
    const run = await openRun(join(root, "a"));
    const failing = run.fitted("dynamics", address, async (handle) => {
      handle.log(5, { loss: 1 });
      await handle.checkpoint({ step: 5, tensors: tensorsOf(5), data: { a: 1 } });
      throw new Error("power cut");
    });
    await expect(failing).rejects.toThrow("power cut");
    const again = run.fitted("dynamics", address, async (handle) => part((await handle.latest())?.step ?? 0));
    expect(await again).toEqual(part(5));
    await run.close();
  });
});

describe("folders that cannot hold a run", () => {
  test.each([
    [
      "a path under a regular file",
      async (root: string) => {
        await writeFile(join(root, "file"), "");
        return join(root, "file", "run");
      },
      /a part of the path is a regular file/,
    ],
    [
      "a regular file",
      async (root: string) => {
        await writeFile(join(root, "file"), "");
        return join(root, "file");
      },
      /a file stands where a folder is needed/,
    ],
    [
      "a configuration that is not JSON",
      async (root: string) => {
        await writeFile(join(root, "config.json"), "{");
        return root;
      },
      /config\.json: not JSON/,
    ],
    [
      "an altered list of fitted parts",
      async (root: string) => {
        await writeFile(join(root, "fitted.json"), "[1]");
        return root;
      },
      /fitted\.json: not a list of fitted parts/,
    ],
  ])("%s is refused with path and remedy", async (_, prepare, message) => {
    const path = await prepare(await temporaryFolder());
    const failed = openRun(path);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(/remedy: /);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a folder without permission is refused (root may write anywhere)",
    async () => {
      const root = await temporaryFolder();
      await chmod(root, 0o500);
      await expect(openRun(join(root, "run"))).rejects.toThrow(/permission denied/);
    },
  );
});
