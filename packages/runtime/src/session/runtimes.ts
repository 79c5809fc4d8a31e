import { availableParallelism } from "node:os";
import { CapabilityError, type Engine } from "@lowerbound/core";
import type { InferenceSession } from "onnxruntime-common";
import { compileWithOnnx, type OnnxRuntime } from "./session.js";

export type ExecutionProvider = "cpu" | "cuda" | "webgpu";

export interface OnnxOptions {
  /** Threads inside an operator; 0: one a core. */
  readonly threads: number;
  readonly provider: ExecutionProvider;
}

/** @throws CapabilityError where `onnxruntime-node` is not installed or cannot be loaded. */
export async function loadNative(): Promise<OnnxRuntime> {
  try {
    const module = await import("onnxruntime-node");
    return (module.default ?? module) as unknown as OnnxRuntime;
  } catch (cause) {
    throw new CapabilityError("onnxruntime-node cannot be loaded", {
      remedy: "npm install onnxruntime-node --ignore-scripts, or choose --engine onnx-web",
      cause,
    });
  }
}

export async function loadWeb(): Promise<OnnxRuntime> {
  const module = await import("onnxruntime-web");
  return (module.default ?? module) as unknown as OnnxRuntime;
}

export function createOnnxEngine(name: string, runtime: () => Promise<OnnxRuntime>, options: OnnxOptions): Engine {
  const threads = options.threads === 0 ? availableParallelism() : options.threads;
  const session: InferenceSession.SessionOptions = {
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    executionProviders: [options.provider],
    extra: { session: { intra_op: { allow_spinning: "1" } } },
  };
  return {
    name,
    describe: () => ({ runtime: "onnxruntime", threads, provider: options.provider }),
    compile: async (program) => {
      try {
        return await compileWithOnnx(await runtime(), program, session);
      } catch (cause) {
        if (options.provider === "cpu" || !/backend|provider/i.test(String(cause))) throw cause;
        throw new CapabilityError(`onnxruntime has no execution provider "${options.provider}" here`, {
          remedy: "install a build of onnxruntime that has it, or set provider: cpu",
          cause,
        });
      }
    },
    dispose: async () => {},
  };
}
