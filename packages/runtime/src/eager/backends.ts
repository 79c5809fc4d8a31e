import { CapabilityError } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { borrowKernels } from "./borrow-kernels.js";
import { repairBroadcastProducts } from "./broadcast-products.js";

/** TensorFlow.js in plain JavaScript: always there, slow. */
export async function loadCpu(): Promise<string> {
  await tf.setBackend("cpu");
  // The backend advertises tfjs-node on its first tensor; whoever names this engine has chosen.
  Object.assign(tf.backend(), { firstUse: false });
  repairBroadcastProducts("cpu");
  return "cpu";
}

/**
 * TensorFlow.js in WebAssembly; `path` is where its modules lie, by default beside the script that bundles it.
 * @throws CapabilityError where its module cannot be loaded.
 */
export async function loadWasm(path?: string): Promise<string> {
  if (tf.findBackend("wasm") !== null) return "wasm";
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  if (path !== undefined) setWasmPaths(path);
  await loadCpu();
  if (await tf.setBackend("wasm")) {
    borrowKernels("cpu", "wasm");
    repairBroadcastProducts("wasm");
    return "wasm";
  }
  throw new CapabilityError("TensorFlow.js could not start its WebAssembly backend", {
    remedy: "choose --engine onnx or cpu",
  });
}
