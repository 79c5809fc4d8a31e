import type { OnnxRuntime } from "./onnx-runtime.js";

/** onnxruntime in WebAssembly; its threads are set once, before the first session. */
export async function loadWeb(threads: number): Promise<OnnxRuntime> {
  const module = await import("onnxruntime-web");
  const { InferenceSession, Tensor, env } = module.default ?? module;
  env.wasm.numThreads ??= threads;
  return { name: "onnxruntime-web", fillsGiven: false, InferenceSession, Tensor };
}
