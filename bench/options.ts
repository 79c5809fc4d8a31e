import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, FileError, nearest } from "@lowerbound/core";
import { root } from "../tools/workspace/packages.js";
import { workNames } from "./works.js";

export interface BenchOptions {
  readonly works: readonly string[];
  /** A Python with PyTorch, and one with JAX: the other sides of the ratios. */
  readonly torch: string | undefined;
  readonly jax: string | undefined;
  readonly json: string | undefined;
  readonly rounds: number;
  readonly threads: number;
  /** Folder of torch_baseline.py and jax_baseline.py. */
  readonly baselines: string;
  readonly memory: boolean;
}

const usage = `npm run bench -- [WORK...] --torch PYTHON [--jax PYTHON] [--json FILE]
  WORK            ${workNames.join(", ")}; all that exist by default
  --torch PYTHON  a Python that imports torch: runs torch_baseline.py
  --jax PYTHON    a Python that imports jax and optax: runs jax_baseline.py
  --json FILE     write a JSON line a work
  --rounds N      rounds of each side, interleaved (default 5)
  --threads N     threads of each side (default 2)
  --baselines DIR where the baselines lie (default ../shared/bench)
  --memory        measure the peak memory of a training run on a million transitions as well`;

/** @throws ConfigError or FileError for what cannot be run */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      torch: { type: "string" },
      jax: { type: "string" },
      json: { type: "string" },
      rounds: { type: "string", default: "5" },
      threads: { type: "string", default: "2" },
      baselines: { type: "string", default: join(root, "..", "shared", "bench") },
      memory: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  positionals.forEach(checkWork);
  const baselines = resolve(values.baselines);
  if (values.torch !== undefined) checkBaseline(baselines, "torch_baseline.py");
  if (values.jax !== undefined) checkBaseline(baselines, "jax_baseline.py");
  const works = positionals.length > 0 || values.memory ? positionals : workNames;
  return {
    works,
    torch: values.torch,
    jax: values.jax,
    json: values.json,
    rounds: positive("--rounds", values.rounds),
    threads: positive("--threads", values.threads),
    baselines,
    memory: values.memory,
  };
}

function checkWork(name: string): void {
  if (workNames.includes(name)) return;
  const guess = nearest(name, workNames);
  const expected = `one of ${workNames.join(", ")}`;
  throw new ConfigError(`no work "${name}"`, { expected, ...(guess && { remedy: `did you mean "${guess}"?` }) });
}

function checkBaseline(folder: string, file: string): void {
  if (existsSync(join(folder, file))) return;
  throw new FileError("no such baseline", {
    where: join(folder, file),
    expected: "the folder with torch_baseline.py and jax_baseline.py",
    remedy: "name it with --baselines DIR",
  });
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new ConfigError(`"${text}" is no count`, { where: flag, expected: "a whole number above 0" });
}
