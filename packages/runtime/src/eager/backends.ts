import { CapabilityError } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

/** TensorFlow.js in plain JavaScript: always there, slow. */
export async function loadCpu(): Promise<string> {
  await tf.setBackend("cpu");
  return "cpu";
}

/** TensorFlow.js in WebAssembly. @throws CapabilityError where its module cannot be loaded. */
export async function loadWasm(): Promise<string> {
  if (tf.findBackend("wasm") !== null) return "wasm";
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(await wasmFolder());
  if (await tf.setBackend("wasm")) return "wasm";
  throw new CapabilityError("TensorFlow.js could not start its WebAssembly backend", {
    remedy: "choose --engine onnx or cpu",
  });
}

async function wasmFolder(): Promise<string> {
  const { createRequire } = await import("node:module");
  const { dirname, join } = await import("node:path");
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  return join(dirname(entry), "/");
}
