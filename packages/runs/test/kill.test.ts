import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Random } from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./helpers.js";
import { startFakeRun } from "./programs/start.js";

const STEPS = 300;

/** Files below a folder by path, their times taken out; only the count of TensorBoard's files may differ. */
async function contents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.includes("tensorboard") || entry.name === "notes.log") continue;
    files[relative(root, path)] = withoutTimes(entry.name, await readFile(path));
  }
  return files;
}

function withoutTimes(name: string, content: Buffer): string {
  if (name === "metrics.jsonl") return content.toString().replaceAll(/"time":[\d.]+/g, "");
  if (name === "metrics.csv") return content.toString().replaceAll(/^(\w+,\d+),[\d.]+/gm, "$1");
  return content.toString("latin1");
}

describe("a run", () => {
  test("killed at random points ends with the bytes of one that was not", { timeout: 120_000 }, async () => {
    const [undisturbed, disturbed] = [await temporaryFolder(), await temporaryFolder()];
    expect(await startFakeRun(join(undisturbed, "run"), STEPS)).toMatchObject({ code: 0, errors: "" });
    const delays = Random.fromSeed(3).integers(new Int32Array(12), 60);
    let kills = 0;
    for (const delay of delays) {
      const ended = await startFakeRun(join(disturbed, "run"), STEPS, (child) =>
        setTimeout(() => child.kill("SIGKILL"), delay),
      );
      if (ended.signal === "SIGKILL") kills++;
    }
    expect(await startFakeRun(join(disturbed, "run"), STEPS)).toMatchObject({ code: 0 });
    expect(kills).toBeGreaterThanOrEqual(5);
    const [expected, actual] = [await contents(undisturbed), await contents(disturbed)];
    expect(Object.keys(expected).sort()).toEqual([
      expect.stringMatching(/^fitted.dynamics-0123456789abcdef.fitted-[0-9a-f]{16}.safetensors$/),
      expect.stringMatching(/^fitted.dynamics-0123456789abcdef.fitted.json$/),
      expect.stringMatching(/^run.checkpoints.train.best-[0-9a-f]{16}.safetensors$/),
      expect.stringMatching(/^run.checkpoints.train.best.json$/),
      expect.stringMatching(/^run.checkpoints.train.last-[0-9a-f]{16}.safetensors$/),
      expect.stringMatching(/^run.checkpoints.train.last.json$/),
      expect.stringMatching(/step-000000295.json$/),
      expect.stringMatching(/step-000000295.safetensors$/),
      expect.stringMatching(/step-000000300.json$/),
      expect.stringMatching(/step-000000300.safetensors$/),
      ...["config.json", "fitted.json", "metrics.csv", "metrics.jsonl", "result.json"].map((name) => join("run", name)),
    ]);
    expect(actual).toEqual(expected);
  });

  test("saves on Ctrl-C, says how to go on, and exits at once on the second", async () => {
    const path = join(await temporaryFolder(), "run");
    const stopped = await startFakeRun(path, 100_000, (child) => child.kill("SIGINT"));
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.errors).toMatch(
      /press Ctrl-C again to stop at once[\s\S]*stopped before the end\n {2}remedy: fake-run /,
    );
    expect(await readdir(path)).not.toContain("run.lock");
  });
});
