import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { CapabilityError, ConfigError, type EnvironmentFactory, LowerboundError } from "@lowerbound/core";
import { type EnvironmentRecipe, isPortable } from "../factory.js";
import { compileMujoco } from "../mujoco/module.js";
import type { Answer, Parameters, Reply, TaskName } from "./messages.js";

/** Threads that simulate, each with its own MuJoCo. */
export interface WorkerPool {
  readonly size: number;
  /** @throws LowerboundError with the thread's message if the task failed there */
  call<Name extends TaskName>(worker: number, task: Name, parameters: Parameters<Name>): Promise<Answer<Name>>;
  close(): Promise<void>;
}

interface Pending {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Start worker threads; they keep the process alive until closed. @throws ConfigError if `size` is not positive */
export async function startWorkers(size: number): Promise<WorkerPool> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new ConfigError(`${size} worker threads cannot be started`, { expected: "a positive integer" });
  }
  const mujoco = await compileMujoco();
  const threads = Array.from({ length: size }, () => startThread({ mujoco }));
  return {
    size,
    call: (worker, task, parameters) => {
      const thread = threads[worker];
      if (thread === undefined) throw new ConfigError(`there is no worker ${worker}`, { expected: `0 to ${size - 1}` });
      return thread.call(task, parameters);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** What a thread needs to repeat the factory. @throws CapabilityError for a factory that says not how */
export function recipeOf(factory: EnvironmentFactory): EnvironmentRecipe {
  if (isPortable(factory)) return factory.recipe;
  throw new CapabilityError("the environment cannot be made in a worker thread", {
    where: factory.id,
    expected: "a factory with a `recipe`",
    remedy: "use no worker threads, or give the factory a recipe",
  });
}

function startThread(data: object) {
  const worker = new Worker(...entry(data));
  const pending = new Map<number, Pending>();
  let last = 0;
  let stopped: Error | undefined;
  const stop = (error: Error) => {
    stopped ??= error;
    for (const { reject } of pending.values()) reject(stopped);
    pending.clear();
  };
  worker.on("message", (reply: Reply) => {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.answer as never);
    else waiting?.reject(new LowerboundError(reply.message));
  });
  worker.on("error", stop);
  worker.on("exit", (code) => stop(new LowerboundError(`the worker thread ended with status ${code}`)));
  return {
    call<Name extends TaskName>(task: Name, parameters: Parameters<Name>): Promise<Answer<Name>> {
      if (stopped !== undefined) return Promise.reject(stopped);
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, task, parameters });
      });
    },
    close: () => worker.terminate(),
  };
}

/**
 * Built, the entry is plain JavaScript. From source it needs TypeScript's loader and the source condition, and a
 * loader given by `--import` does not reach a thread's own entry on Node 20.
 */
function entry(workerData: object): [URL | string, WorkerOptions] {
  if (!import.meta.url.endsWith(".ts")) return [new URL("./worker.js", import.meta.url), { workerData }];
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("./dist/esm/api/index.mjs", tsx).href;
  const source = new URL("./worker.ts", import.meta.url).href;
  const code = `import("${loader}").then(({ register }) => { register(); return import("${source}"); })`;
  return [code, { eval: true, workerData, execArgv: ["--conditions=@lowerbound/source"] }];
}
