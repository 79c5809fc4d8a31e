import { CapabilityError, type Engine } from "@lowerbound/core";
import type { InferenceSession } from "onnxruntime-common";
import { sessionExtras } from "./extras.js";
import type { RuntimeLoader } from "./onnx-runtime.js";
import { compileWithOnnx } from "./session.js";

export type ExecutionProvider = "cpu" | "cuda" | "webgpu";

export interface OnnxOptions {
  /** Threads inside an operator, at least 1. */
  readonly threads: number;
  readonly provider?: ExecutionProvider;
  /** Whether threads wait for work at full speed while a program runs; they rest between runs either way. */
  readonly spinning?: boolean;
}

/** An engine that compiles programs for onnxruntime. Nothing is loaded before the first program. */
export function createOnnxEngine(name: string, load: RuntimeLoader, options: OnnxOptions): Engine {
  const { threads, provider = "cpu" } = options;
  const programs = new Set<() => Promise<void>>();
  let loading: ReturnType<RuntimeLoader> | undefined;
  let runtime: string | undefined;
  return {
    name,
    describe: () => ({ runtime: runtime ?? "onnxruntime, not loaded yet", threads, provider }),
    compile: async (program) => {
      loading ??= load(threads);
      const loaded = await loading;
      runtime = loaded.name;
      const compiled = await compileWithOnnx(loaded, program, sessionOptions(options)).catch((error: unknown) => {
        throw refused(error, provider);
      });
      const dispose = async () => {
        if (programs.delete(dispose)) await compiled.dispose();
      };
      programs.add(dispose);
      return { ...compiled, dispose };
    },
    dispose: async () => {
      for (const dispose of [...programs]) await dispose();
    },
  };
}

function sessionOptions({ threads, provider = "cpu", spinning = true }: OnnxOptions): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    executionProviders: [provider === "cpu" && !isNode ? "wasm" : provider],
    extra: { session: sessionExtras(spinning) },
  };
}

const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;

function refused(cause: unknown, provider: ExecutionProvider): unknown {
  if (provider === "cpu" || !/backend|provider/i.test(String(cause))) return cause;
  return new CapabilityError(`onnxruntime has no execution provider "${provider}" here`, {
    remedy: "install a build of onnxruntime that has it, or set provider: cpu",
    cause,
  });
}
